#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include <catch2/catch.hpp>

#include "blindbook/service/sqlite_ledger.h"

#include "tests/support/temporary_folder.h"

/// What the tests of the ledger share.
namespace blindbook::service {

using test_support::TemporaryFolder;

inline constexpr std::uint64_t kDay = 86'400;
inline constexpr UnixTime kStart{1'800'000'000};
inline const protocol::AllowancePolicy kPolicy{};

inline UnixTime after(std::uint64_t seconds) {
  return UnixTime(kStart.value() + seconds);
}

inline Digest digest(std::uint32_t number) {
  Digest out;
  ByteWriter writer;
  writer.u32(number);
  std::copy(writer.view().begin(), writer.view().end(), out.mutable_view().begin());
  return out;
}

inline Charge charge_of(std::uint32_t number, std::uint32_t cost, std::string account = "anna",
                        std::string issuer = "city") {
  return {.issuer = std::move(issuer), .account = std::move(account), .digest = digest(number), .cost = cost};
}

/// A ledger whose monotonic clock the test sets.
struct Fixture {
  TemporaryFolder folder;
  std::uint64_t monotonic = 1'000;
  std::unique_ptr<SqliteLedger> ledger = open();

  std::unique_ptr<SqliteLedger> open(std::uint64_t ceiling = kDefaultCeilingFloor) {
    Result<std::unique_ptr<SqliteLedger>> opened =
        SqliteLedger::open(folder / "blindbook.db", kPolicy,
                           {.ceiling_floor = ceiling, .monotonic = [this] { return monotonic; }});
    REQUIRE(opened);
    return std::move(*opened);
  }
  void reopen() {
    ledger.reset();
    ledger = open();
  }
  template <class Outcome>
  Outcome expect(const Charge& charge, UnixTime now) {
    const Result<ChargeOutcome> outcome = ledger->charge(charge, now);
    REQUIRE(outcome);
    REQUIRE(std::holds_alternative<Outcome>(*outcome));
    return std::get<Outcome>(*outcome);
  }
  Charged charged(const Charge& charge, UnixTime now) { return expect<Charged>(charge, now); }
};

}  // namespace blindbook::service
