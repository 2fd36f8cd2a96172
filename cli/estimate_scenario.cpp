#include "cli/estimate_scenario.h"

#include <charconv>
#include <cmath>
#include <string>

#include "blindbook/directory/label_seal.h"
#include "blindbook/protocol/allowance.h"
#include "blindbook/protocol/params.h"
#include "blindbook/protocol/run_plan.h"

#include "cli/common/text.h"

namespace blindbook::cli {
namespace {

constexpr std::uint64_t kMost = std::uint64_t{1} << 40;  // rows that a directory's builder counts
constexpr std::uint64_t kLongestEpoch = 3'650;
constexpr std::uint64_t kMostAllowance = 1'000'000'000;  // as in config.json

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number out{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && rest == end ? std::optional(out) : std::nullopt;
}

tl::unexpected<Error> no_number(const char* option, const std::string& text, const char* what) {
  return bad_input("estimate.number", "--" + std::string(option) + " cannot be '" + text + "'", what);
}

/// Reads options one after the other; the first fault is kept.
class Options {
 public:
  explicit Options(const Arguments& arguments) : arguments_(arguments) {}

  void count(const char* option, std::uint64_t& out, std::uint64_t least, std::uint64_t most,
             std::string_view rule, const char* why = "blindbook estimate --help shows what it takes") {
    const auto text = arguments_.value(option);
    if (!text || fault_) {
      return;
    }
    const auto value = whole_number(*text);
    if (!value) {
      fault_ = no_number(option, *text, "it is a whole number, such as 1000 or 2^10").value();
    } else if (*value < least || *value > most) {
      fault_ = bad_input(rule,
                         "--" + std::string(option) + " is " + *text + ", and not " + grouped(least) +
                             " to " + grouped(most),
                         why)
                   .value();
    } else {
      out = *value;
    }
  }

  /// Part of the subscribers in a day: 0.005, or 0.5% for the same.
  void part(const char* option, double& out) {
    auto text = arguments_.value(option);
    if (!text || fault_) {
      return;
    }
    const bool percent = text->ends_with('%');
    const auto value = number_in<double>(std::string_view(*text).substr(0, text->size() - (percent ? 1 : 0)));
    if (!value || !(*value >= 0) || std::signbit(*value)) {
      fault_ = no_number(option, *text, "it is a part of all from 0 to 1, such as 0.005, or 0.5%").value();
      return;
    }
    out = percent ? *value / 100 : *value;
    if (out > 1) {
      fault_ = bad_input("estimate.churn",
                         "--" + std::string(option) + " is " + *text +
                             ", and not at most 1, which is 100 % of the subscribers a day",
                         "0.5% and 0.005 are the same")
                   .value();
    }
  }

  void allowance(model::SweepAllowance& out) {
    const auto text = arguments_.value("allowance");
    if (!text || fault_) {
      return;
    }
    const std::size_t comma = text->find(',');
    const auto initial = number_in<std::uint64_t>(std::string_view(*text).substr(0, comma));
    const auto refill = comma == std::string::npos
                            ? std::nullopt
                            : number_in<std::uint64_t>(std::string_view(*text).substr(comma + 1));
    if (!initial || !refill) {
      fault_ = no_number("allowance", *text, "it is INITIAL,REFILL, such as 8192,320").value();
    } else if (*initial > kMostAllowance || *refill > kMostAllowance) {
      fault_ =
          bad_input("estimate.allowance",
                    "--allowance is " + *text + ", and neither part can be above " + grouped(kMostAllowance),
                    "config.json takes no more either")
              .value();
    } else {
      out = {.initial = *initial, .refill_per_day = *refill};
    }
  }

  [[nodiscard]] const std::optional<Error>& fault() const noexcept { return fault_; }

 private:
  const Arguments& arguments_;
  std::optional<Error> fault_;
};

Result<void> check_contacts(const Scenario& scenario) {
  std::uint64_t charged = 0;
  for (const std::uint32_t batch :
       protocol::plan_run(protocol::RunKind::kFirstInEpoch, scenario.contacts).batches) {
    charged += batch;
  }
  if (charged > scenario.allowance.initial) {
    return bad_input("estimate.contacts",
                     "--contacts of " + grouped(scenario.contacts) + " are charged as " +
                         counted(charged, "evaluation") + ", and the first allowance is " +
                         grouped(scenario.allowance.initial),
                     "--allowance says what an account may ask for");
  }
  return {};
}

Result<void> settle_labels(Scenario& scenario, const Arguments& arguments) {
  const bool has_length = arguments.has("label-bytes");
  if (scenario.labels == protocol::LabelMode::kNone && has_length) {
    return bad_input("estimate.labels", "--label-bytes without labels",
                     "--labels embedded, or --labels resolve");
  }
  if (scenario.labels != protocol::LabelMode::kNone && !has_length) {
    scenario.label_bytes = directory::default_label_bytes(0).value();
  }
  return {};
}

}  // namespace

Result<Scenario> scenario_from(const Arguments& arguments) {
  Scenario out;
  const protocol::AllowancePolicy allowance;
  out.allowance = {.initial = allowance.initial, .refill_per_day = allowance.refill_per_day};
  out.labels = protocol::label_mode_from(arguments.value("labels").value_or("none")).value();
  out.suite = suite_by_name(arguments.value("suite").value_or(std::string(name_of(out.suite)))).value();
  out.network = model::find_network(arguments.value("network").value_or("LTE"));
  out.rush = model::find_rush(arguments.value("in").value_or("month"));

  Options options(arguments);
  options.count("subscribers", out.subscribers, 1, kMost, "estimate.subscribers");
  out.clients = out.subscribers;
  options.count("clients", out.clients, 1, kMost, "estimate.clients");
  options.count("contacts", out.contacts, 0, protocol::kMaxBatchesPerRun * protocol::kLargestBatch,
                "estimate.contacts",
                "a run has two batches of 4,096 at most; what is left waits for a later one");
  options.count("epoch", out.epoch_days, 1, kLongestEpoch, "estimate.epoch");
  options.count("label-bytes", out.label_bytes, 2, protocol::kMaxLabelBytes, "estimate.labels");
  options.part("churn-joins", out.joins);
  options.part("churn-leaves", out.leaves);
  options.allowance(out.allowance);
  if (options.fault()) {
    return tl::unexpected<Error>(*options.fault());
  }
  if (auto settled = settle_labels(out, arguments); !settled) {
    return failed(settled);
  }
  if (auto checked = check_contacts(out); !checked) {
    return failed(checked);
  }

  const double subscribers = static_cast<double>(out.subscribers);
  out.patches = std::min(protocol::kMaxPatchEditions, out.epoch_days);
  out.life = {
      .directory = {.entries = out.subscribers,
                    .label_bytes = out.labels == protocol::LabelMode::kEmbedded ? out.label_bytes : 0},
      .daily = {.joins = out.joins * subscribers, .leaves = out.leaves * subscribers},
      .announcement = model::expected_announcement_bytes(out.patches + 1),
      .first_batches = protocol::plan_run(protocol::RunKind::kFirstInEpoch, out.contacts).batches,
      .epoch_days = out.epoch_days,
      .suite = out.suite};
  const std::uint64_t directory = model::expected_directory_bytes(out.life.directory);
  if (directory > protocol::kMaxDirectoryBytes) {
    return bad_input("estimate.directory",
                     "the directory of " + counted(out.subscribers, "subscriber") + " would have " +
                         size_text(directory) + ", and a client stores at most " +
                         size_text(protocol::kMaxDirectoryBytes),
                     "fewer subscribers, or labels that are shorter or resolved on use");
  }
  return out;
}

}  // namespace blindbook::cli
