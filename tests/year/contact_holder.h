#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "blindbook/base/identifier.h"
#include "blindbook/base/types.h"

#include "tests/support/temporary_folder.h"
#include "tests/year/service_through_time.h"
#include "tests/year/town.h"

namespace blindbook::year {

/// What one run of a client cost, and what it was led to.
struct Sync {
  EpochId epoch;
  Edition edition;
  std::uint64_t bytes = 0;  ///< sent and received
  std::uint64_t directories = 0;
  std::uint64_t patches = 0;
  std::uint64_t evaluations = 0;  ///< charged
};

/// Somebody with an address book and a device that remembers, who looks from time to time.
class ContactHolder {
 public:
  /// Looks every `every` days, for the first time on day `first`; 0: that day only. Knows `contacts`, indices of a
  /// Town whether listed yet or not.
  ContactHolder(std::string account, std::uint64_t first, std::uint64_t every,
                std::vector<std::size_t> contacts)
      : account_(std::move(account)), first_(first), every_(every), contacts_(std::move(contacts)) {}

  [[nodiscard]] const std::string& account() const noexcept { return account_; }
  [[nodiscard]] bool looks_on(std::uint64_t day) const noexcept {
    return day >= first_ && (every_ == 0 ? day == first_ : (day - first_) % every_ == 0);
  }
  /// Looks now, and holds what it is told against `town`: throws where a discovery fails, misses a subscriber, shows who
  /// is none, or shows another label than today's.
  Sync look(ServiceThroughTime& service, const Town& town);

  /// Epochs it was charged a full evaluation for.
  [[nodiscard]] const std::vector<EpochId>& entered() const noexcept { return entered_; }

 private:
  std::string account_;
  std::uint64_t first_;
  std::uint64_t every_;
  std::vector<std::size_t> contacts_;
  test_support::TemporaryFolder device_;
  std::vector<EpochId> entered_;
};

}  // namespace blindbook::year
