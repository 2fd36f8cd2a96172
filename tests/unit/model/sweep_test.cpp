#include "blindbook/model/sweep.h"

#include <catch2/catch.hpp>

#include "blindbook/protocol/allowance.h"

using namespace blindbook;
using namespace blindbook::model;

namespace {

std::uint64_t numbers_of(std::string_view country, std::string_view basis) {
  for (const NumberSpace& space : number_spaces()) {
    if (space.country == country && space.basis == basis) {
      return space.numbers;
    }
  }
  FAIL("no number space of " << country);
  return 0;
}

SweepAllowance defaults() {
  const protocol::AllowancePolicy policy;
  return {.initial = policy.initial, .refill_per_day = policy.refill_per_day};
}

}  // namespace

TEST_CASE("a sweep with the defaults costs what the documents say") {
  const auto accounts = [](std::string_view country) {
    return sweep_cost(numbers_of(country, "assigned"), defaults()).accounts_at_once;
  };
  CHECK(accounts("DE") == 65'674);  // "65,700"
  CHECK(accounts("NL") == 6'348);   // "6,350"
  CHECK(accounts("EE") == 660);
}

TEST_CASE("a targeted list of 8,000 numbers costs one account, at once") {
  const SweepCost cost = sweep_cost(8'000, defaults());
  CHECK(cost.accounts_at_once == 1);
  CHECK(cost.days_with_one_account == 0);
}

TEST_CASE("one account waits for its refill") {
  CHECK(sweep_cost(8'192, {.initial = 8'192, .refill_per_day = 320}).days_with_one_account == 0);
  CHECK(sweep_cost(8'193, {.initial = 8'192, .refill_per_day = 320}).days_with_one_account == 1);
  CHECK(sweep_cost(8'192 + 320, {.initial = 8'192, .refill_per_day = 320}).days_with_one_account == 1);
  CHECK(sweep_cost(8'192 + 321, {.initial = 8'192, .refill_per_day = 320}).days_with_one_account == 2);
  CHECK(sweep_cost(8'193, {.initial = 8'192, .refill_per_day = 0}).days_with_one_account == kNever);
}

TEST_CASE("only whole batches can be asked for") {
  CHECK(sweep_cost(32, {.initial = 31, .refill_per_day = 0}).accounts_at_once == 2);
  CHECK(sweep_cost(33, {.initial = 31, .refill_per_day = 0}).accounts_at_once == 3);
  CHECK(sweep_cost(33, {.initial = 15, .refill_per_day = 1}).accounts_at_once == kNever);
  CHECK(sweep_cost(33, {.initial = 15, .refill_per_day = 1}).days_with_one_account == 33);
}
