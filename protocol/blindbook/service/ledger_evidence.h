#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/types.h"
#include "blindbook/service/config.h"
#include "blindbook/service/kept_ledger.h"

/// `blindbook ledger export`: that limits held, for whoever checks a service, without names.
namespace blindbook::service {

/// What was exported.
struct EvidenceReport {
  std::uint64_t accounts = 0;  ///< rows: an account, under an issuer, in an epoch
  std::uint64_t above = 0;     ///< of these, who used more than the allowance explains: a grant does
  std::uint64_t days = 0;
  std::uint64_t days_above = 0;  ///< of these, above the ceiling, as it is computed now
};

/// Gives the lines of an export of `ledger` to `line`, each a JSON object without its line end (docs/spec/ledger.md#export).
/// Accounts stand under names that are made with a key out of `random` which exists nowhere else, and not after this
/// returned. Errors of KeptLedger::list_spending().
[[nodiscard]] Result<EvidenceReport> export_evidence(KeptLedger& ledger, const Config& config,
                                                     std::string_view operator_id, UnixTime now,
                                                     RandomSource& random,
                                                     const std::function<void(const std::string&)>& line);

}  // namespace blindbook::service
