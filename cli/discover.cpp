// `blindbook discover`: reads the address books, runs one discovery over HTTP, prints what came of it and
// what left the device.

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "blindbook/base/random.h"
#include "blindbook/protocol/invitation.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/protocol/run_plan.h"
#include "blindbook/protocol/token.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/client_memory.h"
#include "blindbook/service/discovery.h"

#include "cli/address_books.h"
#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/input.h"
#include "cli/common/progress.h"
#include "cli/common/terminal.h"
#include "cli/common/text.h"
#include "cli/discover_report.h"
#include "cli/open_from.h"
#include "cli/report_file.h"

namespace blindbook::cli {
namespace {

struct Peer {
  service::http::Endpoint endpoint;
  protocol::Ed25519PublicKey root;
};

std::string without_brackets(const std::string& host) {
  return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

Result<void> check_plain_http(const service::http::Endpoint& endpoint, const Arguments& arguments,
                              const char* danger) {
  if (endpoint.tls || service::http::is_loopback(endpoint.host) || arguments.has("insecure-http")) {
    return {};
  }
  return bad_input("usage.insecure-http", danger,
                   "use https://, or --insecure-http if the way to the service is protected otherwise");
}

Result<std::optional<service::http::Endpoint>> mirror_from(const Arguments& arguments) {
  const auto url = arguments.value("mirror");
  if (!url) {
    return std::optional<service::http::Endpoint>();
  }
  auto endpoint = service::http::parse_url(*url);
  if (!endpoint) {
    return failed(endpoint);
  }
  if (auto allowed = check_plain_http(*endpoint, arguments,
                                      "whoever stands between could answer for a mirror over plain HTTP");
      !allowed) {
    return failed(allowed);
  }
  return std::optional(std::move(*endpoint));
}

Result<Peer> peer_from(const Arguments& arguments) {
  const auto server = arguments.value("server");
  const auto operator_key = arguments.value("operator-key");
  if (arguments.positional()) {
    if (server || operator_key) {
      return bad_input("usage.peer", "an invitation already names server and operator key",
                       "leave out --server and --operator-key");
    }
    const auto invitation = protocol::decode_invitation(*arguments.positional());
    if (!invitation) {
      return tl::unexpected<Error>(invitation.error());
    }
    return Peer{{.tls = true, .host = without_brackets(invitation->host), .port = invitation->port},
                invitation->root};
  }
  if (!server || !operator_key) {
    return bad_input("usage.peer", "which service to ask is missing",
                     "give an invitation, or both --server URL and --operator-key FILE");
  }
  auto endpoint = service::http::parse_url(*server);
  if (!endpoint) {
    return failed(endpoint);
  }
  if (auto allowed =
          check_plain_http(*endpoint, arguments, "plain HTTP would show the access token to the network");
      !allowed) {
    return failed(allowed);
  }
  const auto root = read_operator_key(*operator_key);
  if (!root) {
    return tl::unexpected<Error>(root.error());
  }
  return Peer{std::move(*endpoint), *root};
}

Result<std::string> token_from(const Arguments& arguments) {
  const auto file = arguments.value("token-file");
  if (!file) {
    return bad_input("usage.missing", "--token-file FILE is missing", help_hint(arguments.command()));
  }
  const auto bytes = service::read_file(*file, 2 * protocol::kMaxTokenBytes);
  if (!bytes) {
    return tl::unexpected<Error>(bytes.error());
  }
  // A token lives for minutes and is handed around by shells, so that it is no reason to stop.
  using std::filesystem::perms;
  std::error_code ignored;
  const perms access = std::filesystem::status(*file, ignored).permissions();
  if (!ignored && (access & (perms::group_read | perms::others_read)) != perms::none) {
    warn(*file + " can be read by others, who may spend the account's allowance with it: chmod 600 " + *file);
  }
  const std::string_view text = text_of(*bytes);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return bad_input("token.encoding", *file + " holds no token", "ask for a new token");
  }
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

Result<service::ClientMemory> memory_for(const Arguments& arguments, const protocol::Ed25519PublicKey& root,
                                         RandomSource& random) {
  if (arguments.has("no-state")) {
    warn(
        "without state, a rollback, a fork and a revoked key go unnoticed, and a crash loses what was "
        "charged");
    return service::ClientMemory::of_this_run_only(random);
  }
  const protocol::RootFingerprint fingerprint = protocol::fingerprint_of(root);
  if (const auto named = arguments.value("state")) {
    return service::ClientMemory::open(*named, fingerprint, random);
  }
  const auto file = service::default_state_file(fingerprint);
  if (!file) {
    return tl::unexpected<Error>(file.error());
  }
  return service::ClientMemory::open(*file, fingerprint, random);
}

void show_stage(PhasedProgress& bars, service::DiscoveryStage stage, std::uint64_t done,
                std::uint64_t total) {
  if (stage == service::DiscoveryStage::kEvaluating) {
    bars.show("evaluating", "numbers", done, total);
  } else {
    bars.show("reading the directory", "bytes", done, total);
  }
}

/// Makes the report's file before anything can leave the device.
Result<void> begin_report(std::optional<ReportFile>& file, const Peer& peer, const std::string& token,
                          const NaiveUpload& naive) {
  if (!file) {
    return {};
  }
  const UnixTime began = now();
  // The service gets to see the token whether the run comes to an end or not, so it is described from the
  // start.
  auto claims = protocol::read_bearer(token);
  if (!claims) {
    return failed(claims);
  }
  return file->begin({.disclosed = {.service = peer.endpoint,
                                    .operator_name = {},
                                    .token = std::move(*claims),
                                    .token_bytes = token.size(),
                                    .batches = {},
                                    .requests = {}},
                      .operator_id = protocol::fingerprint_of(peer.root),
                      .naive = naive,
                      .began = began,
                      .written = began,
                      .reason = {}});
}

Result<void> end_report(std::optional<ReportFile>& file, const Result<service::DiscoveryOutcome>& outcome) {
  if (!file) {
    return {};
  }
  if (!outcome) {
    return file->end(RunEnd::kFailed, outcome.error(), now());
  }
  const std::optional<Error>& stopped = outcome->stopped ? outcome->stopped : outcome->labels.stopped;
  return file->end(stopped ? RunEnd::kPartial : RunEnd::kComplete, stopped, now());
}

void remark_on(const service::DiscoveryOutcome& outcome) {
  for (const std::string& notice : outcome.notices) {
    note(notice);
  }
  if (outcome.chain == protocol::ChainLink::kGap) {
    note("announcements between the last one seen and this one were not seen");
  }
  if (outcome.unopened_labels > 0) {
    note(counted(outcome.unopened_labels, "label") +
         " with a matching tag did not open, so they are no matches");
  }
  if (outcome.not_looked_up > 0) {
    warn(counted(outcome.not_looked_up, "number") + " were not looked up in this run");
  }
}

void remark_on(const service::LabelsOpened& labels) {
  if (labels.without_label > 0) {
    note(counted(labels.without_label, "label") +
         " did not open: the service has none for that match, or does not tell it");
  }
  if (labels.no_matches > 0) {
    note(counted(labels.no_matches, "number") +
         " of --open-from did not match in this run, so nothing was asked about them");
  }
}

Result<ExitCode> dry_run(const Arguments& arguments, const std::string& format) {
  if (format == "csv") {
    return bad_input("usage.choice", "--dry-run has no matches to list as csv", "it is one of text|json");
  }
  const auto books = read_address_books(arguments);
  if (!books) {
    return tl::unexpected<Error>(books.error());
  }
  const auto plan = protocol::plan_run(protocol::RunKind::kFirstInEpoch, books->identifiers.size());
  print(format == "json" ? dry_run_json(*books, plan) : dry_run_text(*books, plan));
  return ExitCode::kDone;
}

}  // namespace

Result<ExitCode> run_discover(const Arguments& arguments) {
  const std::string format = arguments.value("format").value_or("text");
  if (arguments.has("state") && arguments.has("no-state")) {
    return bad_input("usage.state", "--state and --no-state exclude each other",
                     help_hint(arguments.command()));
  }
  if (arguments.has("refresh") && (arguments.has("no-state") || arguments.has("dry-run"))) {
    return bad_input("usage.refresh", "--refresh is for what an earlier run has remembered",
                     "leave out --no-state and --dry-run");
  }
  auto report = ReportFile::from(arguments);
  if (!report) {
    return failed(report);
  }
  if (arguments.has("refresh") && arguments.has("open-from")) {
    return bad_input("usage.open-from", "a timer asks for no label", "leave out --open-from or --refresh");
  }
  if (arguments.has("dry-run")) {
    if (arguments.has("open-from")) {
      return bad_input("usage.open-from", "--open-from asks the service, which --dry-run does not do",
                       "leave out --open-from or --dry-run");
    }
    return dry_run(arguments, format);
  }
  const auto peer = peer_from(arguments);
  if (!peer) {
    return tl::unexpected<Error>(peer.error());
  }
  auto token = token_from(arguments);
  if (!token) {
    return failed(token);
  }
  const auto mirror = mirror_from(arguments);
  if (!mirror) {
    return tl::unexpected<Error>(mirror.error());
  }
  const auto open = read_open_from(arguments, *token);
  if (!open) {
    return tl::unexpected<Error>(open.error());
  }
  // The address book is complete before the first connection: nothing of it can depend on an answer.
  const auto books = read_address_books(arguments);
  if (!books) {
    return tl::unexpected<Error>(books.error());
  }
  SystemRandom random;
  auto memory = memory_for(arguments, peer->root, random);
  if (!memory) {
    return failed(memory);
  }
  if (auto begun = begin_report(*report, *peer, *token, books->naive); !begun) {
    return failed(begun);
  }
  Result<service::DiscoveryOutcome> outcome = [&] {
    PhasedProgress bars;
    const service::DiscoverySettings settings{
        .service = peer->endpoint,
        .mirror = *mirror,
        .trust = {.ca_file = arguments.value("ca-file")},
        .root = peer->root,
        .token = std::move(*token),
        .scheduled = arguments.has("refresh"),
        .open_labels = *open,
        .progress = [&bars](auto stage, auto done, auto total) { show_stage(bars, stage, done, total); },
        .clock = now,
        .on_disclosure =
            [&report](const service::Disclosure& disclosed) {
              if (*report) {
                (*report)->update(disclosed, now());
              }
            }};
    return service::discover(settings, books->identifiers, *memory, now(), random);
  }();
  auto reported = end_report(*report, outcome);
  if (!reported && (!outcome || outcome->stopped || outcome->labels.stopped)) {
    warn("the report does not tell how the run ended: " + reported.error().message);
  }
  if (!outcome) {
    return failed(outcome);
  }
  print(format == "json"  ? discover_json(*books, *outcome)
        : format == "csv" ? discover_csv(*books, *outcome)
                          : discover_text(*books, *outcome));
  remark_on(*outcome);
  remark_on(outcome->labels);
  if (outcome->stopped) {
    warn("the result is partial: it covers the numbers that were evaluated before");
    return tl::unexpected<Error>(*outcome->stopped);
  }
  if (outcome->labels.stopped) {
    warn("the matches are complete, and their labels are not: not all that were asked for came");
    return tl::unexpected<Error>(*outcome->labels.stopped);
  }
  if (!reported) {
    return failed(reported);
  }
  return ExitCode::kDone;
}

}  // namespace blindbook::cli
