#include "blindbook/service/ledger_evidence.h"

#include <algorithm>
#include <map>
#include <vector>

#include <nlohmann/json.hpp>

#include "blindbook/base/secret.h"
#include "blindbook/hash/hmac.h"
#include "blindbook/service/ceiling.h"

namespace blindbook::service {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kNameBytes = 16;

/// What one account's spending may come to from its first to its last day: all that a bucket can hold, and what refilled it.
std::uint64_t bound_of(const Spending& spending, const protocol::AllowancePolicy& policy) {
  const std::uint64_t days = spending.last_day - spending.first_day + 1;
  return std::uint64_t{std::max(policy.initial, policy.capacity)} + days * policy.refill_per_day;
}

class Exporter {
 public:
  Exporter(const Config& config, RandomSource& random, const std::function<void(const std::string&)>& line)
      : config_(config), line_(line) {
    random.fill(key_.expose_mutable());
  }

  void begin(std::string_view operator_id, UnixTime now) {
    say({{"schema", "blindbook.ledger-export/1"},
         {"operator", operator_id},
         {"at", now.value()},
         {"allowance",
          {{"initial", config_.allowance.initial},
           {"capacity", config_.allowance.capacity},
           {"refill_per_day", config_.allowance.refill_per_day}}},
         {"ceiling_floor", config_.ceiling_floor}});
  }

  void account(const Spending& spending) {
    const std::uint64_t bound = bound_of(spending, config_.allowance);
    ++report_.accounts;
    report_.above += spending.evaluations > bound ? 1 : 0;
    say({{"account", name_of(spending)},
         {"issuer", spending.issuer},
         {"epoch", spending.epoch.hex()},
         {"evaluations", spending.evaluations},
         {"bound", bound}});
  }

  /// Days come by issuer, the earlier first.
  void day(const DailyTotal& total) {
    std::vector<std::uint64_t>& earlier = earlier_[total.issuer];
    const auto first = earlier.end() - static_cast<std::ptrdiff_t>(std::min(kCeilingDays, earlier.size()));
    const std::uint64_t ceiling =
        daily_ceiling(config_.ceiling_floor, std::vector<std::uint64_t>(first, earlier.end()));
    earlier.push_back(total.evaluations);
    ++report_.days;
    report_.days_above += total.evaluations > ceiling ? 1 : 0;
    ordered_json line{{"day", total.day}};
    if (!total.issuer.empty()) {
      line["issuer"] = total.issuer;
    }
    line["evaluations"] = total.evaluations;
    line["ceiling"] = ceiling;
    say(line);
  }

  EvidenceReport end() {
    say({{"accounts", report_.accounts},
         {"accounts_above", report_.above},
         {"days", report_.days},
         {"days_above", report_.days_above}});
    return report_;
  }

 private:
  void say(const ordered_json& line) const { line_(line.dump()); }

  /// The same for each epoch of one account in this export, and for nobody else.
  [[nodiscard]] std::string name_of(const Spending& spending) const {
    ByteWriter writer;
    writer.u16(static_cast<std::uint16_t>(spending.issuer.size()));
    const auto name = hash::hmac_sha256(
        key_.expose(), {writer.view(), bytes_of(spending.issuer), bytes_of(spending.account)});
    return to_hex(ByteView(name).first(kNameBytes));
  }

  const Config& config_;
  const std::function<void(const std::string&)>& line_;
  Secret<32> key_;
  std::map<std::string, std::vector<std::uint64_t>> earlier_;
  EvidenceReport report_;
};

}  // namespace

Result<EvidenceReport> export_evidence(KeptLedger& ledger, const Config& config, std::string_view operator_id,
                                       UnixTime now, RandomSource& random,
                                       const std::function<void(const std::string&)>& line) {
  Exporter exporter(config, random, line);
  exporter.begin(operator_id, now);
  Result<void> listed = ledger.list_spending([&](const Spending& spending) { exporter.account(spending); },
                                             [&](const DailyTotal& total) { exporter.day(total); });
  if (!listed) {
    return failed(listed);
  }
  return exporter.end();
}

}  // namespace blindbook::service
