// Allowance, run plan and invitation: the pure rules around the messages.
#include <limits>

#include <catch2/catch.hpp>

#include "blindbook/protocol/allowance.h"
#include "blindbook/protocol/invitation.h"
#include "blindbook/protocol/run_plan.h"

#include "tests/support/deterministic_random.h"

namespace blindbook::protocol {
namespace {

using test_support::DeterministicRandom;

constexpr AllowancePolicy kPolicy{.initial = 8192, .capacity = 16384, .refill_per_day = 320};
constexpr UnixTime kStart(1'000'000);

UnixTime after(std::uint64_t seconds) {
  return UnixTime(kStart.value() + seconds);
}

}  // namespace

TEST_CASE("a new account has its initial allowance and never more than the capacity") {
  REQUIRE(whole_evaluations(new_account(kPolicy, kStart)) == 8192);
  REQUIRE(whole_evaluations(new_account({.initial = 9, .capacity = 5, .refill_per_day = 1}, kStart)) == 5);
}

TEST_CASE("spending takes the cost or nothing") {
  const auto state = new_account(kPolicy, kStart);
  const auto granted = std::get<Granted>(spend(kPolicy, state, 8192, kStart));
  REQUIRE(whole_evaluations(granted.after) == 0);
  const auto refused = std::get<Refused>(spend(kPolicy, granted.after, 16, kStart));
  REQUIRE(refused.current == granted.after);
}

TEST_CASE("retry after is the first second at which the cost is covered") {
  const auto empty = std::get<Granted>(spend(kPolicy, new_account(kPolicy, kStart), 8192, kStart)).after;
  const auto wait = std::get<Refused>(spend(kPolicy, empty, 16, kStart)).retry_after_seconds;
  REQUIRE(wait == 16 * 86'400 / 320);
  REQUIRE(std::holds_alternative<Granted>(spend(kPolicy, empty, 16, after(wait))));
  REQUIRE(std::holds_alternative<Refused>(spend(kPolicy, empty, 16, after(wait - 1))));
}

TEST_CASE("what capacity or refill can never cover is refused for ever") {
  constexpr auto kNever = std::numeric_limits<std::uint64_t>::max();
  const auto state = new_account(kPolicy, kStart);
  REQUIRE(std::get<Refused>(spend(kPolicy, state, 16385, kStart)).retry_after_seconds == kNever);
  constexpr AllowancePolicy kOnce{.initial = 10, .capacity = 10, .refill_per_day = 0};
  const auto spent = std::get<Granted>(spend(kOnce, new_account(kOnce, kStart), 10, kStart)).after;
  REQUIRE(std::get<Refused>(spend(kOnce, spent, 1, after(kDay))).retry_after_seconds == kNever);
  REQUIRE(whole_evaluations(refill(kOnce, spent, after(1000 * kDay))) == 0);
}

TEST_CASE("a day refills the daily amount however often it is asked") {
  const auto empty = std::get<Granted>(spend(kPolicy, new_account(kPolicy, kStart), 8192, kStart)).after;
  auto often = empty;
  for (std::uint64_t second = 1; second <= kDay; ++second) {
    often = refill(kPolicy, often, after(second));
  }
  REQUIRE(often == refill(kPolicy, empty, after(kDay)));
  REQUIRE(whole_evaluations(often) == 320);
}

TEST_CASE("refill stops at the capacity and does not overflow") {
  const auto state = new_account(kPolicy, kStart);
  REQUIRE(whole_evaluations(refill(kPolicy, state, after(365 * kDay))) == 16384);
  REQUIRE(whole_evaluations(refill(kPolicy, state, UnixTime(std::numeric_limits<std::uint64_t>::max()))) ==
          16384);
}

TEST_CASE("a clock that runs backwards refills nothing and takes nothing") {
  const auto state = new_account(kPolicy, kStart);
  REQUIRE(refill(kPolicy, state, UnixTime(5)) == state);
  const auto back_and_forth = refill(kPolicy, refill(kPolicy, state, UnixTime(5)), kStart);
  REQUIRE(back_and_forth == state);
}

TEST_CASE("a tightened policy takes nothing away at once") {
  const auto state = new_account(kPolicy, kStart);
  constexpr AllowancePolicy kTight{.initial = 10, .capacity = 100, .refill_per_day = 1};
  REQUIRE(whole_evaluations(refill(kTight, state, after(kDay))) == 8192);
}

TEST_CASE("the first run in an epoch asks for at least 64") {
  const auto batch = [](std::size_t n) { return plan_run(RunKind::kFirstInEpoch, n).batches; };
  REQUIRE(batch(0) == std::vector<std::uint32_t>{64});
  REQUIRE(batch(64) == std::vector<std::uint32_t>{64});
  REQUIRE(batch(65) == std::vector<std::uint32_t>{256});
  REQUIRE(batch(1025) == std::vector<std::uint32_t>{2048});
  REQUIRE(batch(4096) == std::vector<std::uint32_t>{4096});
}

TEST_CASE("a later run by a person asks for at least 16 also when nothing is new") {
  const auto batch = [](std::size_t n) { return plan_run(RunKind::kByUser, n).batches; };
  REQUIRE(batch(0) == std::vector<std::uint32_t>{16});
  REQUIRE(batch(16) == std::vector<std::uint32_t>{16});
  REQUIRE(batch(17) == std::vector<std::uint32_t>{64});
}

TEST_CASE("a scheduled run asks for 16 whatever is new") {
  const auto plan = plan_run(RunKind::kScheduled, 40);
  REQUIRE(plan.batches == std::vector<std::uint32_t>{16});
  REQUIRE(plan.looked_up == 16);
  REQUIRE(plan.left_over == 24);
  REQUIRE(plan_run(RunKind::kScheduled, 0).batches == std::vector<std::uint32_t>{16});
}

TEST_CASE("more than 4096 numbers go in two full batches and the rest is left over") {
  const auto plan = plan_run(RunKind::kFirstInEpoch, 9000);
  REQUIRE(plan.batches == std::vector<std::uint32_t>{4096, 4096});
  REQUIRE(plan.looked_up == 8192);
  REQUIRE(plan.left_over == 808);
  REQUIRE(plan_run(RunKind::kByUser, 4097).batches.size() == 2);
  REQUIRE(plan_run(RunKind::kByUser, 4097).left_over == 0);
}

TEST_CASE("an invitation survives its spelling") {
  DeterministicRandom random(1);
  const auto root = Ed25519SecretKey::generate(random).public_key();
  for (const auto& [host, port] : {std::pair<std::string, std::uint16_t>{"book.city.example", 443},
                                   {"book.city.example", 8443},
                                   {"192.0.2.7", 443},
                                   {"[2001:db8::7]", 443},
                                   {"[2001:db8::7]", 8443}}) {
    const Invitation invitation{.host = host, .port = port, .root = root};
    REQUIRE(decode_invitation(encode_invitation(invitation)).value() == invitation);
  }
  REQUIRE(encode_invitation({.host = "a.example", .port = 443, .root = root}) ==
          "blindbook://a.example/#" + to_base64url(root.view()));
}

TEST_CASE("an invitation without a host a key or a sane port is refused") {
  DeterministicRandom random(1);
  const std::string key = to_base64url(Ed25519SecretKey::generate(random).public_key().view());
  for (const std::string& text :
       {std::string("https://a.example/#") + key, "blindbook:///#" + key,
        std::string("blindbook://a.example/"), "blindbook://a.example/#" + key.substr(1),
        "blindbook://a.example:0/#" + key, "blindbook://a.example:65536/#" + key,
        "blindbook://a.example:x/#" + key, "blindbook://a b/#" + key, "blindbook://user@a.example/#" + key,
        "blindbook://a.example/path/#" + key, "blindbook://a.example:/#" + key,
        "blindbook://[2001:db8::7/#" + key, "blindbook://[]/#" + key, "blindbook://a_b/#" + key,
        "blindbook://" + std::string(254, 'a') + "/#" + key, "blindbook://a.example/#" + key + key,
        "blindbook://a.example/#" + key + "\n\n", std::string()}) {
    INFO(text);
    REQUIRE(decode_invitation(text).error().rule == "invitation.syntax");
  }
}

}  // namespace blindbook::protocol
