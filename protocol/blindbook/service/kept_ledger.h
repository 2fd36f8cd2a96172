#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "blindbook/service/ledger.h"

/// What a person may look at in a ledger, and decide about it: `blindbook ledger`.
namespace blindbook::service {

/// What an account has under one issuer, as of the ledger's time.
struct AccountStanding {
  std::string issuer;
  std::uint32_t evaluations_left = 0;
  std::uint32_t labels_left = 0;
  std::uint64_t requests = 0;  ///< remembered, of the last 24 h
};

/// What a person decides about an account.
struct Grant {
  std::uint32_t evaluations;  ///< more; above its capacity no account is filled
};
struct Reset {};  ///< the allowances, of labels too, become those of a new account; its requests stay known
using Adjustment = std::variant<Grant, Reset>;

/// What an account used in one epoch.
struct Spending {
  std::string issuer;
  std::string account;
  EpochId epoch;
  std::uint64_t evaluations = 0;
  std::uint64_t first_day = 0;  ///< of the ledger's time: Unix seconds / 86,400
  std::uint64_t last_day = 0;
};

/// What an issuer's accounts used in one day; an empty issuer stands for the whole service.
struct DailyTotal {
  std::string issuer;
  std::uint64_t day = 0;
  std::uint64_t evaluations = 0;
};

/// Rows that were removed.
struct ForgottenAccount {
  std::uint64_t accounts = 0;  ///< one for each issuer that has the account
  std::uint64_t requests = 0;
};

/// A ledger whose rows are at hand. Every method may be called from several threads.
class KeptLedger : public Ledger {
 public:
  /// Removes all that is known of `account`, under whatever issuer. To whoever asks next under that name it is a new account
  /// with a fresh allowance: so this is for accounts that are closed. What it evaluated stays in the daily totals, which
  /// name no account. Unavailable "ledger.storage".
  [[nodiscard]] virtual Result<ForgottenAccount> forget(std::string_view account) = 0;

  /// What `account` has, under each issuer that has it; empty where the ledger does not know it. Unavailable
  /// "ledger.storage".
  [[nodiscard]] virtual Result<std::vector<AccountStanding>> show(std::string_view account) = 0;

  /// Changes what `account` has, under each issuer, and returns what it has then. Unavailable "ledger.storage".
  [[nodiscard]] virtual Result<std::vector<AccountStanding>> adjust(std::string_view account,
                                                                    const Adjustment& adjustment) = 0;

  /// Gives every account's spending to `row`, and every day's total to `day`, all as of one moment. Unavailable
  /// "ledger.storage".
  [[nodiscard]] virtual Result<void> list_spending(const std::function<void(const Spending&)>& row,
                                                   const std::function<void(const DailyTotal&)>& day) = 0;
};

}  // namespace blindbook::service
