// `blindbook ledger`: what a person looks at in the ledger, and decides about it.

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "blindbook/base/random.h"
#include "blindbook/service/audit.h"
#include "blindbook/service/ledger_evidence.h"
#include "blindbook/service/ledger_open.h"
#include "blindbook/service/operator_folder.h"

#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/facts.h"
#include "cli/common/terminal.h"
#include "cli/common/text.h"

namespace blindbook::cli {
namespace {

/// What an act works on.
struct Scene {
  const Arguments& arguments;
  const service::OperatorFolder& folder;
  service::KeptLedger& ledger;
  std::string account;            // of acts on one
  std::uint32_t evaluations = 0;  // of grant

  [[nodiscard]] Result<void> note_in_trail(const char* command,
                                           const service::AuditCounts& counts = {}) const {
    return service::append_audit(folder.audit_path(), now(), command, counts);
  }
};

Result<ExitCode> print_standings(const Scene& scene, const std::vector<service::AccountStanding>& standings) {
  if (standings.empty()) {
    return bad_input("ledger.account", "the ledger does not know that account",
                     "it is the sub of the account's tokens");
  }
  std::vector<Facts> rows;
  rows.reserve(standings.size());
  for (const service::AccountStanding& standing : standings) {
    rows.push_back(Facts()
                       .add("issuer", standing.issuer)
                       .add("evaluations_left", standing.evaluations_left)
                       .add("labels_left", standing.labels_left)
                       .add("requests", standing.requests));
  }
  const Facts facts = Facts().add_table("account", std::move(rows));
  print(scene.arguments.value("format") == "json" ? facts.json("blindbook.ledger/1") : facts.text());
  return ExitCode::kDone;
}

Result<ExitCode> show(const Scene& scene) {
  const auto standings = scene.ledger.show(scene.account);
  if (!standings) {
    return tl::unexpected<Error>(standings.error());
  }
  return print_standings(scene, *standings);
}

Result<ExitCode> adjust(const Scene& scene, const char* command, const service::AuditCounts& counts,
                        const service::Adjustment& adjustment) {
  if (auto noted = scene.note_in_trail(command, counts); !noted) {
    return failed(noted);
  }
  const auto standings = scene.ledger.adjust(scene.account, adjustment);
  if (!standings) {
    return tl::unexpected<Error>(standings.error());
  }
  return print_standings(scene, *standings);
}

Result<ExitCode> grant(const Scene& scene) {
  return adjust(scene, "ledger grant", {{"evaluations", scene.evaluations}},
                service::Grant{scene.evaluations});
}

Result<ExitCode> reset(const Scene& scene) {
  return adjust(scene, "ledger reset", {}, service::Reset{});
}

Result<ExitCode> forget(const Scene& scene) {
  if (auto noted = scene.note_in_trail("ledger forget"); !noted) {
    return failed(noted);
  }
  const auto forgotten = scene.ledger.forget(scene.account);
  if (!forgotten) {
    return tl::unexpected<Error>(forgotten.error());
  }
  note(forgotten->accounts == 0 && forgotten->requests == 0
           ? "the ledger does not know that account: there is nothing to forget"
           : "the account is forgotten, with " + counted(forgotten->requests, "request") +
                 " of the last day: should it ask again, it has a fresh allowance");
  return ExitCode::kDone;
}

Result<ExitCode> export_all(const Scene& scene) {
  SystemRandom random;
  const auto report =
      service::export_evidence(scene.ledger, scene.folder.config(), scene.folder.operator_id(), now(), random,
                               [](const std::string& line) { print(line + "\n"); });
  if (!report) {
    return tl::unexpected<Error>(report.error());
  }
  note(counted(report->accounts, "account") + " and " + counted(report->days, "day") + ", of which " +
       grouped(report->above) + " and " + grouped(report->days_above) + " are above their limits");
  return ExitCode::kDone;
}

Result<ExitCode> confirm_clock(const Scene& scene) {
  const auto size = scene.ledger.size();
  if (!size) {
    return tl::unexpected<Error>(size.error());
  }
  if (!size->clock_held) {
    note("the clock has not jumped: there is nothing to confirm");
    return ExitCode::kDone;
  }
  if (auto noted = scene.note_in_trail("ledger confirm-clock"); !noted) {
    return failed(noted);
  }
  if (auto confirmed = scene.ledger.confirm_clock(); !confirmed) {
    return failed(confirmed);
  }
  note("the clock is confirmed: allowances are refilled again");
  return ExitCode::kDone;
}

struct Act {
  std::string_view name;
  bool of_account;
  Result<ExitCode> (*run)(const Scene&);
};
constexpr std::array kActs{Act{"confirm-clock", false, confirm_clock},
                           Act{"export", false, export_all},
                           Act{"forget", true, forget},
                           Act{"grant", true, grant},
                           Act{"reset", true, reset},
                           Act{"show", true, show}};

/// What the act needs of the command line beside its name.
Result<void> read_options(const Act& act, Scene& scene) {
  if (act.of_account) {
    const auto account = scene.arguments.value("account");
    if (!account) {
      return bad_input("usage.ledger", "whose account to " + std::string(act.name) + " is not said",
                       "it is: blindbook ledger " + std::string(act.name) + " --account NAME");
    }
    scene.account = *account;
  }
  const auto given = scene.arguments.value("evaluations");
  if (given.has_value() != (act.run == grant)) {
    return bad_input("usage.ledger", "--evaluations N belongs to grant, and grant needs it",
                     "it is: blindbook ledger grant --account NAME --evaluations N");
  }
  if (given) {
    const auto [end, failure] =
        std::from_chars(given->data(), given->data() + given->size(), scene.evaluations);
    if (failure != std::errc() || end != given->data() + given->size() || scene.evaluations == 0) {
      return bad_input("usage.ledger", "--evaluations cannot be '" + *given + "'",
                       "it is a number from 1 on");
    }
  }
  return {};
}

}  // namespace

Result<ExitCode> run_ledger(const Arguments& arguments) {
  const std::string name = arguments.positional().value_or("");
  const auto act = std::find_if(kActs.begin(), kActs.end(), [&](const Act& one) { return one.name == name; });
  if (act == kActs.end()) {
    return bad_input("usage.ledger", "what to do with the ledger is not said",
                     "it is one of confirm-clock, export, forget, grant, reset, show");
  }
  // No key is needed, so no passphrase is asked for.
  const auto folder = service::OperatorFolder::open(arguments.required("data"), {});
  if (!folder) {
    return tl::unexpected<Error>(folder.error());
  }
  const auto ledger = service::open_ledger(folder->ledger_path(), folder->config());
  if (!ledger) {
    return tl::unexpected<Error>(ledger.error());
  }
  Scene scene{.arguments = arguments, .folder = *folder, .ledger = **ledger, .account = {}};
  if (auto read = read_options(*act, scene); !read) {
    return failed(read);
  }
  return act->run(scene);
}

}  // namespace blindbook::cli
