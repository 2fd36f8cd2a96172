#include "tests/service/ledger/ledger_fixture.h"

namespace blindbook::service {
namespace {

TEST_CASE("a forgotten account is a new one to whom asks next, and the others stay") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 1024), kStart));
  static_cast<void>(fixture.charged(charge_of(2, 64), kStart));
  static_cast<void>(fixture.charged(charge_of(3, 64, "anna", "county"), kStart));
  static_cast<void>(fixture.charged(charge_of(4, 1024, "bert"), kStart));
  static_cast<void>(fixture.charged(label_of(5), kStart));
  const Result<ForgottenAccount> forgotten = fixture.ledger->forget("anna");
  REQUIRE(forgotten);
  CHECK(forgotten->accounts == 2);
  CHECK(forgotten->requests == 4);
  CHECK(fixture.charged(charge_of(4, 1024, "bert"), kStart).repeated);
  CHECK(fixture.charged(charge_of(1, 1024), kStart).allowance_left == kPolicy.initial - 1024);
  CHECK(fixture.charged(label_of(5), kStart).allowance_left == 31);
}

TEST_CASE("an account that the ledger does not know is forgotten already") {
  Fixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 16), kStart));
  const Result<ForgottenAccount> forgotten = fixture.ledger->forget("nobody");
  REQUIRE(forgotten);
  CHECK(forgotten->accounts == 0);
  CHECK(forgotten->requests == 0);
  CHECK(fixture.charged(charge_of(1, 16), kStart).repeated);
}

}  // namespace
}  // namespace blindbook::service
