#include "blindbook/service/watch/watched_ledger.h"

#include <array>
#include <utility>
#include <variant>

namespace blindbook::service {
namespace {

constexpr std::array<std::string_view, 6> kOutcomes{"charged", "repeated", "allowance",
                                                    "retries", "ceiling",  "failed"};

std::string_view name_of(const Result<ChargeOutcome>& outcome) {
  if (!outcome) {
    return outcome.error().rule == "ledger.ceiling" ? "ceiling" : "failed";
  }
  if (const auto* charged = std::get_if<Charged>(&*outcome)) {
    return charged->repeated ? "repeated" : "charged";
  }
  return std::holds_alternative<Overspent>(*outcome) ? "allowance" : "retries";
}

}  // namespace

std::chrono::nanoseconds steady_now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

WatchedLedger::WatchedLedger(Ledger& ledger, std::function<std::chrono::nanoseconds()> clock)
    : ledger_(ledger),
      clock_(std::move(clock)),
      worked_at_(clock_()),
      charges_("blindbook_charges_total",
               "Requests that the ledger decided on: charged, repeated (charged before), or why not.",
               {"outcome", kOutcomes}),
      durations_("blindbook_charge_duration_seconds", "Time until a charge is durable, or refused.",
                 {"outcome", kOutcomes}) {}

Result<ChargeOutcome> WatchedLedger::charge(const Charge& charge, UnixTime now) {
  const std::chrono::nanoseconds start = clock_();
  Result<ChargeOutcome> outcome = ledger_.charge(charge, now);
  const std::string_view name = name_of(outcome);
  durations_.observe(name, clock_() - start);
  charges_.add(name);
  if (name == "charged") {
    (charge.bucket == Bucket::kLabels ? labels_ : evaluations_)
        .fetch_add(charge.cost, std::memory_order_relaxed);
  }
  if (name == "failed") {
    failed_ = true;
  } else {
    worked();
  }
  return outcome;
}

Result<void> WatchedLedger::tick(UnixTime now) {
  Result<void> ticked = ledger_.tick(now);
  if (ticked) {
    worked();
  } else {
    failed_ = true;
  }
  return ticked;
}

Result<void> WatchedLedger::confirm_clock() {
  return ledger_.confirm_clock();
}

Result<LedgerSize> WatchedLedger::size() {
  return ledger_.size();
}

void WatchedLedger::worked() {
  worked_at_ = clock_();
  failed_ = false;
}

bool WatchedLedger::is_writable() const {
  return !failed_ && clock_() - worked_at_.load() <= kLongestSilence;
}

void WatchedLedger::write(PrometheusText& out) const {
  out.family("blindbook_evaluations_total", "counter",
             "Evaluations charged, padding included, of all accounts.");
  out.sample("blindbook_evaluations_total", {}, evaluations_.load(std::memory_order_relaxed));
  out.family("blindbook_labels_resolved_total", "counter", "Labels charged, of all accounts.");
  out.sample("blindbook_labels_resolved_total", {}, labels_.load(std::memory_order_relaxed));
  charges_.write(out);
  durations_.write(out);
  out.gauge("blindbook_ledger_writable", "1 while the ledger takes charges.", std::uint64_t{is_writable()});
}

}  // namespace blindbook::service
