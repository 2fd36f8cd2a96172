#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include <catch2/catch.hpp>

#include "blindbook/protocol/params.h"

#include "tests/service/ledger/ledger_store.h"

/// What the tests of the ledger share.
namespace blindbook::service {

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

inline Charge label_of(std::uint32_t number, std::string account = "anna") {
  Charge charge = charge_of(number, 1, std::move(account));
  charge.bucket = Bucket::kLabels;
  return charge;
}

/// A ledger whose monotonic clock the test sets.
struct Fixture {
  std::unique_ptr<LedgerStore> store = make_ledger_store();
  std::uint64_t monotonic = 1'000;
  std::unique_ptr<KeptLedger> ledger = open();

  std::unique_ptr<KeptLedger> open(std::uint64_t ceiling = kDefaultCeilingFloor) {
    return open_with({.ceiling_floor = ceiling, .monotonic = [this] { return monotonic; }});
  }
  std::unique_ptr<KeptLedger> open_with(LedgerOptions options) const {
    Result<std::unique_ptr<KeptLedger>> opened = store->open(kPolicy, std::move(options));
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
