// `blindbook backup`: what of an operator's folder outlives its host.

#include "blindbook/service/backup.h"

#include "blindbook/service/operator_folder.h"

#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/facts.h"
#include "cli/common/terminal.h"

namespace blindbook::cli {

Result<ExitCode> run_backup(const Arguments& arguments) {
  // No key goes into a backup, so no passphrase is asked for.
  const auto folder = service::OperatorFolder::open(arguments.required("data"), {});
  if (!folder) {
    return tl::unexpected<Error>(folder.error());
  }
  const std::string& to = arguments.required("to");
  const auto report = service::back_up(*folder, to, now());
  if (!report) {
    return tl::unexpected<Error>(report.error());
  }
  print(Facts()
            .add("operator", folder->config().operator_name)
            .add("fingerprint", folder->operator_id())
            .add("backup", to)
            .add("last_announcement", report->seq)
            .add("files", report->files)
            .add("bytes", report->bytes)
            .text());
  if (folder->config().ledger) {
    warn(
        "the ledger is in PostgreSQL, and this backup does not hold it: PostgreSQL backs it up, with pg_dump "
        "or "
        "pg_basebackup");
  }
  if (folder->holds_root_key()) {
    warn(
        "the root key is in keys/, which no backup holds: should this host be lost, it is lost too, and "
        "nothing can be restored");
  }
  return ExitCode::kDone;
}

}  // namespace blindbook::cli
