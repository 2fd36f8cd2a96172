#pragma once

#include <string>

#include "blindbook/protocol/run_plan.h"
#include "blindbook/service/discovery.h"

#include "cli/address_books.h"

/// What `discover` prints, in each of its formats.
namespace blindbook::cli {

/// Tables for a person: matches, rejects, what left the device beside what a naive upload would have told.
[[nodiscard]] std::string discover_text(const AddressBooks& books, const service::DiscoveryOutcome& outcome);
/// Schema "blindbook.discover/1", stable: members are added, never changed. `batch` and `batches` are the
/// size and number of the batches that this run made, `resumed` the sizes of those of an earlier run that it
/// sent again.
[[nodiscard]] std::string discover_json(const AddressBooks& books, const service::DiscoveryOutcome& outcome);
/// RFC 4180 with the header name,number,label; control and bidi characters are left out of the fields.
[[nodiscard]] std::string discover_csv(const AddressBooks& books, const service::DiscoveryOutcome& outcome);

/// The same for --dry-run: what a first run in an epoch would send, and what a sweep would cost under the
/// default allowance, since no service is asked for its own. Schema "blindbook.discover-dry-run/1".
/// @{
[[nodiscard]] std::string dry_run_text(const AddressBooks& books, const protocol::RunPlan& plan);
[[nodiscard]] std::string dry_run_json(const AddressBooks& books, const protocol::RunPlan& plan);
/// @}

}  // namespace blindbook::cli
