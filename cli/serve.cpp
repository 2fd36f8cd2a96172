// `blindbook serve`: puts the parts of the service together, and takes them apart at a signal.

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <pthread.h>

#include "blindbook/base/random.h"
#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/protocol/invitation.h"
#include "blindbook/protocol/token.h"
#include "blindbook/service/application.h"
#include "blindbook/service/audit.h"
#include "blindbook/service/event.h"
#include "blindbook/service/http/endpoint.h"
#include "blindbook/service/http/server.h"
#include "blindbook/service/ledger_open.h"
#include "blindbook/service/memory_protection.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/passphrase.h"
#include "blindbook/service/periodic.h"
#include "blindbook/service/replaceable.h"
#include "blindbook/service/revocations.h"
#include "blindbook/service/served_keys.h"
#include "blindbook/service/served_set.h"
#include "blindbook/service/watch/admin.h"
#include "blindbook/service/worker_pool.h"

#include "cli/admin_port.h"
#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/input.h"
#include "cli/common/terminal.h"
#include "cli/daily.h"
#include "cli/reload.h"
#include "cli/serve_log.h"

namespace blindbook::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kQueueLimit = 64;  // evaluations that wait; more are told to come back
constexpr unsigned kSparePerCore = 4;    // evaluations whose charge is on its way to the disk
constexpr auto kDrainGrace = 30s;        // the largest batch takes a fraction of a second
constexpr auto kLedgerProbe = 5s;
constexpr unsigned kProbesPerTick = 12;  // a tick each minute
constexpr auto kPublicationTick = 1s;
constexpr auto kRevocationTick = 1s;

/// Threads for input and output. A request of the smallest batch costs about as much for its TLS handshake as for what it asks,
/// one of a larger batch far less.
unsigned io_threads(unsigned cores) {
  return (cores + 1) / 2;
}

/// The signals that the service heeds, kept from every thread that is made while this lives.
class Signals {
 public:
  Signals() {
    ::sigemptyset(&ending_);
    ::sigaddset(&ending_, SIGTERM);
    ::sigaddset(&ending_, SIGINT);
    heeded_ = ending_;
    ::sigaddset(&heeded_, SIGHUP);
    ::pthread_sigmask(SIG_BLOCK, &heeded_, &before_);
  }
  ~Signals() {
    // One that came while the service ended would kill the program with the mask as it was.
    ::sigset_t reloading{};
    ::sigemptyset(&reloading);
    ::sigaddset(&reloading, SIGHUP);
    constexpr timespec kNoTime{};
    ::sigtimedwait(&reloading, nullptr, &kNoTime);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Waits for one: true when it asks to read things again, false when it ends the service. From then on a second one of
  /// these ends the program at once.
  bool asks_to_reload() {
    int signal = 0;
    ::sigwait(&heeded_, &signal);
    if (signal != SIGHUP) {
      ::pthread_sigmask(SIG_UNBLOCK, &ending_, nullptr);
    }
    return signal == SIGHUP;
  }

 private:
  ::sigset_t ending_{};
  ::sigset_t heeded_{};
  ::sigset_t before_{};
};

/// Where the service takes its keys from, also while it runs.
class KeySource {
 public:
  KeySource(service::OperatorFolder& folder, const ServeLog& log, service::EventSink events)
      : folder_(folder), log_(log), events_(std::move(events)) {}

  Result<std::vector<protocol::EpochKey>> load(UnixTime at) {
    auto keys = service::load_served_keys(folder_, at, events_);
    if (!keys) {
      return keys;
    }
    for (const protocol::EpochKey& key : *keys) {
      if (!service::lock_in_memory(key.keys.secret.expose()) && !std::exchange(warned_, true)) {
        log_.warn(
            "this system does not let the keys be locked in memory, so that they may reach its swap: raise "
            "RLIMIT_MEMLOCK");
      }
    }
    return keys;
  }

 private:
  service::OperatorFolder& folder_;
  const ServeLog& log_;
  service::EventSink events_;
  bool warned_ = false;
};

Result<service::http::ServerOptions> listening_options(const Arguments& arguments) {
  const auto address = service::http::parse_listen_address(arguments.required("listen"), "127.0.0.1");
  if (!address) {
    return tl::unexpected<Error>(address.error());
  }
  service::http::ServerOptions out{
      .host = address->host, .port = address->port, .threads = io_threads(service::usable_cores())};
  const auto certificate = arguments.value("tls-cert");
  const auto key = arguments.value("tls-key");
  if (certificate.has_value() != key.has_value()) {
    return bad_input("usage.tls", "--tls-cert and --tls-key belong together", help_hint(arguments.command()));
  }
  if (certificate) {
    out.tls = service::http::TlsFiles{.certificate_file = *certificate, .key_file = *key};
  } else if (!service::http::is_loopback(out.host) && !arguments.has("insecure-http")) {
    return bad_input("usage.insecure-http", "plain HTTP would show access tokens to the network",
                     "give --tls-cert and --tls-key, or --insecure-http if a proxy in front speaks TLS");
  }
  out.proxy_protocol = arguments.has("proxy-protocol");
  return out;
}

/// Whom `options` are to trust, by the config.
Result<void> trust_proxies(service::http::ServerOptions& options, const service::Config& config) {
  options.proxies =
      service::http::TrustedProxies::parse(config.trusted_proxies).value();  // as parse_config() checked
  if (options.proxy_protocol && config.trusted_proxies.empty()) {
    return bad_input("usage.proxy-protocol", "--proxy-protocol believes trusted proxies, and there are none",
                     "name them in config.json: \"trusted_proxies\": [\"127.0.0.1\"]");
  }
  return {};
}

/// Keeps --public-url in the config, for this and later runs. What stands there already is not written again: units name it at
/// each start, and those of several workers start at once.
Result<void> keep_public_url(const Arguments& arguments, service::OperatorFolder& folder) {
  const auto given = arguments.value("public-url");
  if (!given) {
    return {};
  }
  if (const auto url = service::http::parse_url(*given); !url) {
    return tl::unexpected<Error>(url.error());
  }
  if (folder.config().public_url == *given) {
    return {};
  }
  service::Config config = folder.config();
  config.public_url = *given;
  return folder.save_config(std::move(config));
}

/// The ledger that --ledger names, which is kept in the config for this and later runs, or the one that was kept.
Result<std::unique_ptr<service::KeptLedger>> chosen_ledger(const Arguments& arguments,
                                                           service::OperatorFolder& folder) {
  service::Config config = folder.config();
  if (const auto given = arguments.value("ledger")) {
    const auto in_postgres = service::is_postgres_ledger(*given);
    if (!in_postgres) {
      return tl::unexpected<Error>(in_postgres.error());
    }
    config.ledger = *in_postgres ? std::optional(*given) : std::nullopt;
  }
  auto ledger = service::open_ledger(folder.ledger_path(), config);
  if (!ledger || config.ledger == folder.config().ledger) {
    return ledger;
  }
  if (auto noted = service::append_audit(folder.audit_path(), now(), "serve --ledger"); !noted) {
    return failed(noted);
  }
  if (auto saved = folder.save_config(std::move(config)); !saved) {
    return failed(saved);
  }
  warn("this is another ledger than before: to an account that it does not know it gives a fresh allowance");
  return ledger;
}

/// What an operator hands to clients: an invitation, which means https, or the two options in its place.
Result<std::string> handout(const service::OperatorFolder& folder, const service::http::Endpoint& listening) {
  service::http::Endpoint reached = listening;
  if (folder.config().public_url) {
    auto url = service::http::parse_url(*folder.config().public_url);
    if (!url) {
      return failed(url);
    }
    reached = std::move(*url);
  }
  if (!reached.tls) {
    return "--server " + reached.url() + " --operator-key " +
           (folder.public_folder() / "operator.pub").string();
  }
  const bool is_v6 = reached.host.find(':') != std::string::npos;
  return protocol::encode_invitation({.host = is_v6 ? "[" + reached.host + "]" : reached.host,
                                      .port = reached.port,
                                      .root = folder.config().root});
}

/// Says on standard output where the service is, for people and for scripts that wait for it.
Result<void> introduce(const service::OperatorFolder& folder, const service::http::Endpoint& listening,
                       const ServeLog& log) {
  print("listening on " + listening.url() + "\n");
  if (!folder.config().public_url && service::http::is_wildcard(listening.host)) {
    log.warn(
        "no invitation can be printed for a wildcard address: --public-url URL says where clients reach "
        "this");
  } else {
    const auto text = handout(folder, listening);
    if (!text) {
      return tl::unexpected<Error>(text.error());
    }
    print(*text + "\n");
  }
  return {};
}

}  // namespace

Result<ExitCode> run_serve(const Arguments& arguments) {
  auto options = listening_options(arguments);
  if (!options) {
    return failed(options);
  }
  const auto admin_options = admin_options_from(arguments);
  if (!admin_options) {
    return tl::unexpected<Error>(admin_options.error());
  }
  const ServeLog log(arguments);
  service::EventMetrics counts;
  const service::EventSink events = [&log, &counts](const service::Event& event) {
    counts.count(event);
    log.write(event);
  };
  const service::PassphraseSource passphrase =
      service::remembered(passphrase_source(arguments, Asking::kOnce));
  SystemRandom random;
  const auto daily = daily_publication_from(arguments, passphrase, events, random);
  if (!daily) {
    return tl::unexpected<Error>(daily.error());
  }
  auto folder = service::OperatorFolder::open(arguments.required("data"), passphrase);
  if (!folder) {
    return failed(folder);
  }
  if (auto kept = keep_public_url(arguments, *folder); !kept) {
    return failed(kept);
  }
  if (auto trusted = trust_proxies(*options, folder->config()); !trusted) {
    return failed(trusted);
  }
  if (folder->config().key_protection == protocol::KeyProtection::kNone) {
    log.warn("the keys are not sealed");
  }
  if (*daily) {
    if (const auto begun = (*daily)->begin(now()); !begun) {
      return tl::unexpected<Error>(begun.error());
    }
  }
  KeySource keys(*folder, log, events);
  auto served = service::ServedSets::open({.public_folder = folder->public_folder(),
                                           .root = folder->config().root,
                                           .load_keys = [&keys](UnixTime at) { return keys.load(at); },
                                           .labels_folder = folder->labels_folder()},
                                          now());
  if (!served) {
    return failed(served);
  }
  auto opened_ledger = chosen_ledger(arguments, *folder);
  if (!opened_ledger) {
    return failed(opened_ledger);
  }
  const auto revoked = service::RevocationList::open(folder->revocations_path());
  if (!revoked) {
    return tl::unexpected<Error>(revoked.error());
  }
  service::WatchedLedger ledger(**opened_ledger);
  // From here on there are threads; until here a signal ends the program as usual, also while it asks for a
  // passphrase.
  Signals signals;
  service::Replaceable<protocol::TokenVerifier> tokens(
      protocol::TokenVerifier(folder->config().issuers, folder->operator_id()));
  auto pool = std::make_unique<service::WorkerPool>(0, kQueueLimit, kSparePerCore * service::usable_cores());
  service::Application application({.served = **served,
                                    .tokens = tokens,
                                    .ledger = ledger,
                                    .pool = *pool,
                                    .random = random,
                                    .clock = now,
                                    .events = events,
                                    .revoked = revoked->get()});
  options->refused = application.refused();
  auto server = service::http::HttpServer::listen(*options, application.router());
  if (!server) {
    return failed(server);
  }
  service::Admin admin({.served = **served,
                        .events = counts,
                        .ledger = ledger,
                        .pool = *pool,
                        .queue_limit = kQueueLimit,
                        .connections = [&server] { return (*server)->connections(); },
                        .clock = now,
                        .version = BLINDBOOK_VERSION,
                        .kernel = std::string(cpu::kernel_in_use().value())});
  auto admin_port = open_admin_port(*admin_options, admin);
  if (!admin_port) {
    return failed(admin_port);
  }
  if (auto said = introduce(*folder, {options->tls.has_value(), options->host, (*server)->port()}, log);
      !said) {
    return failed(said);
  }
  if (*admin_port) {
    print("metrics on " +
          service::http::Endpoint{false, (*admin_options)->host, (*admin_port)->port()}.url() + "/metrics\n");
  }
  if (auto said = finish_output(); !said) {
    return failed(said);
  }
  (*served)->watch(now, events);
  {
    std::optional<service::Periodic> publishing;
    if (*daily) {
      publishing.emplace(kPublicationTick, [&daily] { (*daily)->tick(now()); });
    }
    const service::Periodic revoking(kRevocationTick, [&revoked, &events] {
      if (const auto read = (*revoked)->refresh(); !read) {
        events(service::error_event("reload-failed", read.error()));
      }
    });
    const service::Periodic ticking(kLedgerProbe, [&ledger, &events, turn = 0U]() mutable {
      // One that failed is tried more often: whoever asks /readyz should hear soon that it works again.
      if (++turn % kProbesPerTick != 0 && ledger.is_writable()) {
        return;
      }
      if (const auto ticked = ledger.tick(now()); !ticked) {
        events(service::error_event("ledger-failed", ticked.error()));
      }
    });
    const Reloadable reloadable{.folder = folder->path(),
                                .operator_id = folder->operator_id(),
                                .tokens = tokens,
                                .served = **served,
                                .server = **server,
                                .tls = options->tls,
                                .events = events};
    while (signals.asks_to_reload()) {
      reload(reloadable, now());
    }
  }
  admin.begin_draining();
  (*server)->drain(kDrainGrace);
  if (*admin_port) {
    (*admin_port)->drain(0s);  // before the pool that it tells about
  }
  pool.reset();  // before what its tasks use
  return ExitCode::kDone;
}

}  // namespace blindbook::cli
