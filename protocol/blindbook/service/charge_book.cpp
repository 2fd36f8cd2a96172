#include "blindbook/service/charge_book.h"

#include <algorithm>
#include <array>
#include <variant>

#include "blindbook/protocol/params.h"
#include "blindbook/service/ceiling.h"

namespace blindbook::service {

std::uint64_t day_of(const LedgerClock& clock) noexcept {
  return clock.time.value() / protocol::kDay;
}

bool is_due(const LedgerClock& clock, const LedgerClock& stored) noexcept {
  return clock.time.value() - stored.time.value() >= kTickSeconds || clock.held != stored.held;
}

RetriesUsedUp retries_used_up(UnixTime charged_at, UnixTime now) noexcept {
  const std::uint64_t forgotten_at = charged_at.value() + protocol::kDay + kTickSeconds;
  return {forgotten_at - std::min(forgotten_at - 1, now.value())};
}

tl::unexpected<Error> ceiling_reached(std::string_view issuer) {
  return unavailable("ledger.ceiling", issuer.empty() ? "the service's evaluations of this day are used up"
                                                      : "the issuer's evaluations of this day are used up");
}

void ChargeBook::expect(const Charge& charge) {
  accounts.try_emplace({charge.issuer, charge.account, charge.bucket});
  requests[{charge.issuer, charge.account, text_of(charge.digest.view())}].bucket = charge.bucket;
  if (charge.bucket == Bucket::kEvaluations) {
    days.try_emplace(kEveryIssuer);
    days.try_emplace(charge.issuer);
  }
}

void ChargeBook::know_day(std::string_view issuer, std::uint64_t used,
                          std::span<const std::uint64_t> earlier) {
  days[issuer] = {.used = used, .ceiling = daily_ceiling(ceiling_floor_, earlier)};
}

Result<ChargeOutcome> ChargeBook::charge(const Charge& charge, const LedgerClock& clock) {
  const protocol::AllowancePolicy& policy = policy_of(charge.bucket);
  Account& account = accounts[{charge.issuer, charge.account, charge.bucket}];
  const protocol::AllowanceState before =
      account.state.value_or(protocol::new_account(policy, clock.refill_time));
  Request& request = requests[{charge.issuer, charge.account, text_of(charge.digest.view())}];
  if (request.known) {
    ++request.retries;
    request.change = request.change == Change::kNew ? Change::kNew : Change::kChanged;
    if (request.retries > protocol::kMaxRetriesPerRequest) {
      return retries_used_up(request.charged_at, clock.time);
    }
    return Charged{protocol::whole_evaluations(protocol::refill(policy, before, clock.refill_time)), true};
  }
  const auto decision = protocol::spend(policy, before, charge.cost, clock.refill_time);
  if (const auto* refused = std::get_if<protocol::Refused>(&decision)) {
    return Overspent{protocol::whole_evaluations(refused->current), refused->retry_after_seconds};
  }
  if (charge.bucket == Bucket::kEvaluations) {
    const std::array<std::string_view, 2> counting{charge.issuer, kEveryIssuer};
    for (const std::string_view issuer : counting) {
      const Day& day = days[issuer];
      if (day.used + day.added + charge.cost > day.ceiling) {
        return ceiling_reached(issuer);
      }
    }
    for (const std::string_view issuer : counting) {
      days[issuer].added += charge.cost;
    }
    spending[{charge.issuer, charge.account, charge.epoch}] += charge.cost;
  }
  const protocol::AllowanceState& after = std::get<protocol::Granted>(decision).after;
  const bool is_new = !account.state || account.change == Change::kNew;
  account = {.state = after, .change = is_new ? Change::kNew : Change::kChanged};
  request = {
      .bucket = charge.bucket, .known = true, .charged_at = clock.time, .retries = 0, .change = Change::kNew};
  return Charged{protocol::whole_evaluations(after), false};
}

}  // namespace blindbook::service
