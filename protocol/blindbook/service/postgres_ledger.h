#pragma once

#include <memory>
#include <string>

#include "blindbook/protocol/allowance.h"
#include "blindbook/service/kept_ledger.h"
#include "blindbook/service/ledger_options.h"

namespace blindbook::service {

/// Opens the ledger that a PostgreSQL server keeps in the schema `blindbook` of a database, for any number of workers on any
/// number of machines (docs/spec/ledger.md), and creates it or changes an older layout where that is needed. `where` is a
/// connection string or a URI of libpq. Charges of several accounts are committed together, over a few connections that are
/// opened again when they break; none is answered before PostgreSQL has said that it is durable, on its synchronous standby
/// too where it has one.
///
/// BadInput "ledger.postgres" when this program was built without libpq, "ledger.connection" when `where` is no connection
/// string, "ledger.password" when a password stands in it, "ledger.version" when a newer program made the schema,
/// "ledger.file" when it is of something else; Unavailable "ledger.storage".
[[nodiscard]] Result<std::unique_ptr<KeptLedger>> open_postgres_ledger(
    const std::string& where, const protocol::AllowancePolicy& policy, LedgerOptions options = {});

}  // namespace blindbook::service
