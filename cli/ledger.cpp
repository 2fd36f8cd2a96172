// `blindbook ledger`: what only a person can decide about the ledger.

#include "blindbook/service/audit.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/sqlite_ledger.h"

#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/terminal.h"

namespace blindbook::cli {

Result<ExitCode> run_ledger(const Arguments& arguments) {
  if (arguments.positional() != "confirm-clock") {
    return bad_input("usage.ledger", "what to do with the ledger is not said",
                     "it is: blindbook ledger confirm-clock");
  }
  // No key is needed, so no passphrase is asked for.
  const auto folder = service::OperatorFolder::open(arguments.required("data"), {});
  if (!folder) {
    return tl::unexpected<Error>(folder.error());
  }
  const auto ledger = service::SqliteLedger::open(folder->ledger_path(), folder->config().allowance);
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
  if (auto noted = service::append_audit(folder->audit_path(), now(), "ledger confirm-clock"); !noted) {
    return failed(noted);
  }
  if (auto confirmed = (*ledger)->confirm_clock(); !confirmed) {
    return failed(confirmed);
  }
  note("the clock is confirmed: allowances are refilled again");
  return ExitCode::kDone;
}

}  // namespace blindbook::cli
