#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "blindbook/protocol/allowance.h"
#include "blindbook/service/ledger.h"
#include "blindbook/service/ledger_clock.h"

/// What a ledger decides about charges, apart from where it keeps its rows (docs/spec/evaluate.md#charge).
namespace blindbook::service {

/// How often tick() is called, in seconds: how long a request can be remembered beyond its 24 h, and how much of the
/// ledger's time a crash can forget.
inline constexpr std::uint64_t kTickSeconds = 60;
/// Daily totals older than this many days are forgotten.
inline constexpr std::uint64_t kDaysKept = 90;
/// Stands for the whole service among the issuers, whose names are never empty.
inline constexpr std::string_view kEveryIssuer;

/// The day of the ledger's time whose ceiling counts.
[[nodiscard]] std::uint64_t day_of(const LedgerClock& clock) noexcept;
/// Whether `clock` has to be stored, `stored` being what is.
[[nodiscard]] bool is_due(const LedgerClock& clock, const LedgerClock& stored) noexcept;
/// The refusal of a request that was charged at `charged_at` and came once too often.
[[nodiscard]] RetriesUsedUp retries_used_up(UnixTime charged_at, UnixTime now) noexcept;
/// Unavailable "ledger.ceiling", of `issuer` or kEveryIssuer.
[[nodiscard]] tl::unexpected<Error> ceiling_reached(std::string_view issuer);

/// The rows that several charges touch, in memory: read from a database before, and what changed written to it behind.
/// What is not told is taken for a row that is not there.
class ChargeBook {
 public:
  ChargeBook(const protocol::AllowancePolicy& policy, std::uint64_t ceiling_floor)
      : policy_(policy), ceiling_floor_(ceiling_floor) {}

  using AccountKey = std::tuple<std::string_view, std::string_view, Bucket>;  // issuer, account
  using RequestKey =
      std::tuple<std::string_view, std::string_view, std::string_view>;  // issuer, account, digest
  enum class Change { kNone, kNew, kChanged };
  struct Account {
    std::optional<protocol::AllowanceState> state;
    Change change = Change::kNone;
  };
  struct Request {
    Bucket bucket = Bucket::kEvaluations;
    bool known = false;
    UnixTime charged_at;
    std::uint64_t retries = 0;
    Change change = Change::kNone;
  };
  struct Day {
    std::uint64_t used = 0;
    std::uint64_t ceiling = 0;
    std::uint64_t added = 0;
  };

  /// Names the rows that `charge`, which is borrowed, needs.
  void expect(const Charge& charge);
  /// `earlier` are the totals of the latest days before, in any order.
  void know_day(std::string_view issuer, std::uint64_t used, std::span<const std::uint64_t> earlier);

  /// Decides, and changes the rows accordingly. An error is "ledger.ceiling", for this charge alone.
  [[nodiscard]] Result<ChargeOutcome> charge(const Charge& charge, const LedgerClock& clock);

  /// In an order that is the same for every worker, so that none waits for another in a circle.
  std::map<AccountKey, Account> accounts;
  std::map<RequestKey, Request> requests;
  std::map<std::string_view, Day> days;
  /// What to add to the spending of an account in an epoch.
  std::map<std::tuple<std::string_view, std::string_view, EpochId>, std::uint64_t> spending;

 private:
  [[nodiscard]] const protocol::AllowancePolicy& policy_of(Bucket bucket) const noexcept {
    return bucket == Bucket::kLabels ? protocol::kLabelAllowance : policy_;
  }
  const protocol::AllowancePolicy& policy_;
  const std::uint64_t ceiling_floor_;
};

}  // namespace blindbook::service
