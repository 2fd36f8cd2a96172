// `blindbook epoch`: shows the epochs of a folder, and does by hand what publish does when it is due.

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "blindbook/base/random.h"
#include "blindbook/service/epoch_commands.h"
#include "blindbook/service/epoch_life.h"
#include "blindbook/service/ledger_open.h"
#include "blindbook/service/operator_folder.h"

#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/facts.h"
#include "cli/common/input.h"
#include "cli/common/terminal.h"
#include "cli/common/text.h"
#include "cli/publication.h"

namespace blindbook::cli {
namespace {

using protocol::AnnouncedEpoch;

constexpr const char* kSchema = "blindbook.epoch/1";

void show(const Arguments& arguments, const Facts& facts) {
  print(arguments.value("format") == "json" ? facts.json(kSchema) : facts.text());
}

Result<service::OperatorFolder> open_folder(const Arguments& arguments) {
  return service::OperatorFolder::open(arguments.required("data"),
                                       passphrase_source(arguments, Asking::kOnce));
}

/// Whether the key of an epoch could be opened, as far as that shows without a passphrase.
const char* key_state(const service::OperatorFolder& folder, const EpochId& id) {
  std::error_code ignored;
  const auto& config = folder.config();
  if (!folder.keys().contains(id.hex())) {
    return "gone";
  }
  if (config.key_protection == protocol::KeyProtection::kPassphrase &&
      !std::filesystem::exists(folder.path() / config.slot_folder / (id.hex() + ".slot"), ignored)) {
    return "slot lost";
  }
  return "there";
}

/// Where `epochs[i]` stands between its announcement and its end.
const char* stage(const std::vector<AnnouncedEpoch>& epochs, std::size_t i, UnixTime at) {
  const AnnouncedEpoch& epoch = epochs[i];
  if (at < epoch.not_before) {
    return "announced";
  }
  if (epoch.not_after < at) {
    return "ended";
  }
  if (epoch.edition == Edition(0)) {
    return "unpublished";
  }
  const bool followed =
      i + 1 < epochs.size() && epochs[i + 1].not_before <= at && epochs[i + 1].edition != Edition(0);
  return followed ? "leaving" : "current";
}

Result<ExitCode> list(const Arguments& arguments) {
  const auto folder = service::OperatorFolder::open(arguments.required("data"), {});
  if (!folder) {
    return tl::unexpected<Error>(folder.error());
  }
  const auto announced = folder->announcement();
  if (!announced) {
    return tl::unexpected<Error>(announced.error());
  }
  if (!*announced) {
    note("nothing is published yet: blindbook publish begins the first epoch");
    show(arguments, Facts().add("epochs", std::vector<Facts>()));
    return ExitCode::kDone;
  }
  const UnixTime at = now();
  const std::vector<AnnouncedEpoch>& epochs = (*announced)->announcement.epochs;
  std::vector<Facts> rows;
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    const AnnouncedEpoch& epoch = epochs[i];
    rows.push_back(Facts()
                       .add("epoch", epoch.id.hex())
                       .add("stage", stage(epochs, i, at))
                       .add("not_before", epoch.not_before)
                       .add("not_after", epoch.not_after)
                       .add("edition", epoch.edition.value())
                       .add("entries", epoch.entries)
                       .add("key", key_state(*folder, epoch.id)));
  }
  const UnixTime newest = epochs.back().not_before;
  show(arguments, Facts()
                      .add_table("epochs", std::move(rows))
                      .add("next", Facts()
                                       .add("announced_from", service::next_epoch_announced(newest))
                                       .add("not_before", service::next_epoch_begins(newest))));
  return ExitCode::kDone;
}

Result<ExitCode> announce(const Arguments& arguments) {
  auto folder = open_folder(arguments);
  if (!folder) {
    return failed(folder);
  }
  SystemRandom random;
  const auto opened = service::announce_next_epoch(*folder, now(), arguments.has("confirm-clock"), random);
  if (!opened) {
    return tl::unexpected<Error>(opened.error());
  }
  const AnnouncedEpoch& epoch = opened->announcement.epochs.back();
  show(arguments, Facts()
                      .add("epoch", epoch.id.hex())
                      .add("not_before", epoch.not_before)
                      .add("not_after", epoch.not_after)
                      .add("seq", opened->announcement.seq)
                      .add("head", opened->head.hex()));
  note("every publication from now on writes its directory, too");
  return ExitCode::kDone;
}

/// Whom it affects that all epochs but one ended at once.
Result<void> explain_emergency(const Arguments& arguments, const service::PublishReport& report) {
  const auto folder = service::OperatorFolder::open(arguments.required("data"), {});
  if (!folder) {
    return tl::unexpected<Error>(folder.error());
  }
  const auto ledger = service::open_ledger(folder->ledger_path(), folder->config());
  if (!ledger) {
    return tl::unexpected<Error>(ledger.error());
  }
  const auto size = (*ledger)->size();
  if (!size) {
    return tl::unexpected<Error>(size.error());
  }
  note(
      "every client evaluates its whole address book anew at its next run, and is charged for it; the ledger "
      "knows " +
      counted(size->accounts, "account"));
  for (const AnnouncedEpoch& cut : report.cut_off) {
    if (cut.edition != Edition(0)) {
      note("who has the key of epoch " + cut.id.hex() +
           " can try every number against any copy of its directories, editions 1 to " +
           std::to_string(cut.edition.value()) + ", the last with " + counted(cut.entries, "subscriber") +
           ", and this cannot be undone");
    }
  }
  note("what is published from now on cannot be read with those keys, nor can the contacts of any client");
  return {};
}

Result<ExitCode> rotate(const Arguments& arguments) {
  if (!arguments.has("subscribers")) {
    return bad_input("usage.missing", "--subscribers SRC is missing: rotate publishes",
                     help_hint(arguments.command()));
  }
  const bool emergency = arguments.has("emergency");
  const auto report =
      publish_and_report(arguments, emergency ? service::Rotation::kEmergency : service::Rotation::kOrdinary);
  if (!report) {
    return tl::unexpected<Error>(report.error());
  }
  if (!emergency) {
    note("clients move to the new epoch at a random moment of its first week, and evaluate anew");
    return ExitCode::kDone;
  }
  if (const auto explained = explain_emergency(arguments, *report); !explained) {
    warn("the new epoch is published, but the ledger cannot be read: " + explained.error().message);
  }
  return ExitCode::kDone;
}

Result<EpochId> epoch_from(const std::string& text) {
  const auto id = from_hex(text);
  if (!id || id->size() != EpochId::kSize) {
    return bad_input("usage.epoch", "--epoch cannot be '" + text + "'",
                     "it is an id of 32 hex digits, as blindbook epoch list shows");
  }
  return EpochId(ByteView(*id).first<EpochId::kSize>());
}

Result<ExitCode> end(const Arguments& arguments) {
  auto folder = open_folder(arguments);
  if (!folder) {
    return failed(folder);
  }
  const bool confirmed = arguments.has("confirm-clock");
  Result<std::vector<EpochId>> ended;
  if (const auto named = arguments.value("epoch")) {
    const auto id = epoch_from(*named);
    if (!id) {
      return tl::unexpected<Error>(id.error());
    }
    ended = service::end_epoch(*folder, *id, now(), confirmed);
  } else {
    ended = service::end_epochs(*folder, now(), confirmed);
  }
  if (!ended) {
    return failed(ended);
  }
  std::vector<std::string> ids;
  for (const EpochId& id : *ended) {
    ids.push_back(id.hex());
  }
  show(arguments, Facts().add("ended", std::move(ids)));
  for (const EpochId& id : *ended) {
    note(receipt_of_destruction(id));
  }
  if (ended->empty()) {
    note("no epoch has ended: there is nothing to destroy");
  }
  return ExitCode::kDone;
}

/// Refuses options that the act has no use for.
Result<void> check_options(const Arguments& arguments, const std::string& act) {
  const auto refuse = [&](const char* option) -> Result<void> {
    return bad_input("usage.epoch", "blindbook epoch " + act + " has no use for --" + std::string(option),
                     help_hint(arguments.command()));
  };
  if (act != "rotate") {
    for (const char* option :
         {"emergency", "subscribers", "query", "preset", "xmpp-host", "opt-in-list", "opt-in-query", "region",
          "strict", "allow-shrink", "labels", "label-bytes", "label-template"}) {
      if (arguments.has(option)) {
        return refuse(option);
      }
    }
  }
  if (act != "end" && arguments.has("epoch")) {
    return refuse("epoch");
  }
  return {};
}

}  // namespace

Result<ExitCode> run_epoch(const Arguments& arguments) {
  const std::string act = arguments.positional().value_or("");
  if (const auto checked = check_options(arguments, act); !checked) {
    return tl::unexpected<Error>(checked.error());
  }
  if (act == "list") {
    return list(arguments);
  }
  if (act == "announce") {
    return announce(arguments);
  }
  if (act == "rotate") {
    return rotate(arguments);
  }
  if (act == "end") {
    return end(arguments);
  }
  return bad_input("usage.epoch", "what to do with the epochs is not said",
                   "it is list, announce, rotate or end: blindbook epoch list");
}

}  // namespace blindbook::cli
