// `blindbook ledger`: what only a person can decide about the ledger.

#include "blindbook/service/audit.h"
#include "blindbook/service/ledger_forget.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/sqlite_ledger.h"

#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/terminal.h"
#include "cli/common/text.h"

namespace blindbook::cli {
namespace {

Result<ExitCode> forget(const service::OperatorFolder& folder, const Arguments& arguments) {
  const auto account = arguments.value("account");
  if (!account) {
    return bad_input("usage.ledger", "whose account to forget is not said",
                     "it is: blindbook ledger forget --account NAME");
  }
  if (auto noted = service::append_audit(folder.audit_path(), now(), "ledger forget"); !noted) {
    return failed(noted);
  }
  const auto forgotten = service::forget_account(folder.ledger_path(), *account);
  if (!forgotten) {
    return tl::unexpected<Error>(forgotten.error());
  }
  note(forgotten->accounts == 0 && forgotten->requests == 0
           ? "the ledger does not know that account: there is nothing to forget"
           : "the account is forgotten, with " + counted(forgotten->requests, "request") +
                 " of the last day: should it ask again, it has a fresh allowance");
  return ExitCode::kDone;
}

Result<ExitCode> confirm_clock(const service::OperatorFolder& folder) {
  const auto ledger = service::SqliteLedger::open(folder.ledger_path(), folder.config().allowance);
  if (!ledger) {
    return tl::unexpected<Error>(ledger.error());
  }
  const auto size = (*ledger)->size();
  if (!size) {
    return tl::unexpected<Error>(size.error());
  }
  if (!size->clock_held) {
    note("the clock has not jumped: there is nothing to confirm");
    return ExitCode::kDone;
  }
  if (auto noted = service::append_audit(folder.audit_path(), now(), "ledger confirm-clock"); !noted) {
    return failed(noted);
  }
  if (auto confirmed = (*ledger)->confirm_clock(); !confirmed) {
    return failed(confirmed);
  }
  note("the clock is confirmed: allowances are refilled again");
  return ExitCode::kDone;
}

}  // namespace

Result<ExitCode> run_ledger(const Arguments& arguments) {
  const std::string act = arguments.positional().value_or("");
  if (act != "confirm-clock" && act != "forget") {
    return bad_input("usage.ledger", "what to do with the ledger is not said",
                     "it is: blindbook ledger confirm-clock, or blindbook ledger forget --account NAME");
  }
  // No key is needed, so no passphrase is asked for.
  const auto folder = service::OperatorFolder::open(arguments.required("data"), {});
  if (!folder) {
    return tl::unexpected<Error>(folder.error());
  }
  return act == "forget" ? forget(*folder, arguments) : confirm_clock(*folder);
}

}  // namespace blindbook::cli
