#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"

namespace blindbook::service {

/// What an account has two allowances of.
enum class Bucket {
  kEvaluations,  ///< as the operator set it
  kLabels,       ///< labels resolved: protocol::kLabelAllowance
};

/// One evaluate or resolve request to be paid for.
struct Charge {
  std::string issuer;   ///< `iss` of the token; not empty
  std::string account;  ///< `sub` of the token
  Digest digest;        ///< of the request; the same account never pays twice for the same one
  std::uint32_t cost;   ///< evaluations, padded; or labels
  Bucket bucket = Bucket::kEvaluations;
  EpochId epoch = {};  ///< in which it is evaluated: what an account used of it is added up
};

/// Paid, or paid before. Durable when it is returned.
struct Charged {
  std::uint32_t allowance_left;  ///< whole evaluations, or labels
  bool repeated;                 ///< the same request was charged within the last 24 h; nothing was taken now
};

/// Nothing was taken.
struct Overspent {
  std::uint32_t allowance_left;       ///< whole evaluations, or labels
  std::uint64_t retry_after_seconds;  ///< until the refill covers the cost; the maximum of uint64: never
};

/// The same request came more often than kMaxRetriesPerRequest allows.
struct RetriesUsedUp {
  std::uint64_t retry_after_seconds;  ///< until the request is forgotten and may be charged anew
};

using ChargeOutcome = std::variant<Charged, Overspent, RetriesUsedUp>;

/// What `status` shows.
struct LedgerSize {
  std::uint64_t accounts;  ///< ever seen
  std::uint64_t requests;  ///< remembered, of the last 24 h
  std::uint64_t bytes;     ///< on disk
  UnixTime time;           ///< of the ledger; 0 before its first use
  bool clock_held;         ///< refill and purge stand still until `blindbook ledger confirm-clock`: see
                           ///< ledger_clock.h
};

/// Who has used how much of the allowance (docs/spec/evaluate.md). Every method may be called from several
/// threads.
class Ledger {
 public:
  Ledger() = default;
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;
  virtual ~Ledger() = default;

  /// Takes `charge` from the account's allowance in one durable transaction, or nothing. `now` is the wall
  /// clock. Unavailable "ledger.ceiling" when the issuer's or the service's evaluations of this day are used
  /// up (labels count towards none), and "ledger.storage"; after an error nothing was taken.
  [[nodiscard]] virtual Result<ChargeOutcome> charge(const Charge& charge, UnixTime now) = 0;

  /// To be called every minute: stores the ledger's time and forgets requests older than 24 h of it.
  [[nodiscard]] virtual Result<void> tick(UnixTime now) = 0;

  /// After a jump of the clock was found right by a person: lets refill and purge go on.
  [[nodiscard]] virtual Result<void> confirm_clock() = 0;

  [[nodiscard]] virtual Result<LedgerSize> size() = 0;
};

}  // namespace blindbook::service
