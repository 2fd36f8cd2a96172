#include "cli/model_facts.h"

#include <array>
#include <cmath>
#include <span>
#include <vector>

#include <nlohmann/json.hpp>

#include "blindbook/directory/census.h"
#include "blindbook/directory/header.h"
#include "blindbook/model/false_positives.h"
#include "blindbook/model/sizes.h"
#include "blindbook/model/sweep.h"
#include "blindbook/protocol/params.h"

#include "cli/common/table.h"
#include "cli/common/text.h"

namespace blindbook::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t kRunLookups = 1'024;
constexpr std::array<std::uint64_t, 3> kExampleEntries{100'000, 1'000'000, 10'000'000};

template <class Exact>
Likelihood likelihood(const Exact& value) {
  return {.value = model::to_double(value), .log2 = model::log2_of(value)};
}

Facts false_positives(const model::TagSpace& space, std::uint64_t clients) {
  const model::CityYear city{.clients = clients, .contacts = kRunLookups};
  Facts out;
  out.add("per_lookup", likelihood(model::false_positive_per_lookup(space)));
  out.add("per_run_of_1024", likelihood(model::false_positive_per_run(space, kRunLookups)));
  out.add("per_city_and_year", model::to_double(model::false_positives_per_city_year(space, city)));
  return out;
}

/// That one of the numbers of this run is shown as a subscriber, without labels, though none is.
Likelihood stranger_shown(const protocol::RunPlan& plan, std::uint64_t entries) {
  return likelihood(
      model::false_positive_per_run({.distinct_tags = entries}, static_cast<std::uint32_t>(plan.looked_up)));
}

struct SweepRow {
  const model::NumberSpace& space;
  model::SweepCost cost;
};

std::vector<SweepRow> sweep_rows(const protocol::AllowancePolicy& allowance, Spaces wanted) {
  std::vector<SweepRow> rows;
  for (const model::NumberSpace& space : model::number_spaces()) {
    if (wanted == Spaces::kAll || space.basis == "assigned") {
      rows.push_back({space, model::sweep_cost(space.numbers, {.initial = allowance.initial,
                                                               .refill_per_day = allowance.refill_per_day})});
    }
  }
  return rows;
}

}  // namespace

Result<void> add_directory_model(Facts& facts, ByteView file) {
  const auto census = directory::census_of(file);
  if (!census) {
    return bad_input(census.error().rule, census.error().message);
  }
  const auto header = directory::parse_header(file);
  if (!header) {
    return bad_input(header.error().rule, header.error().message);
  }
  facts.add("distinct_tags", census->distinct_tags);
  if (census->entries == 0) {
    return {};
  }
  const model::TagSpace space{.distinct_tags = census->distinct_tags, .labels = header->label_bytes > 0};
  const double bits = static_cast<double>(census->body_bits) / static_cast<double>(census->entries);
  const model::Rational by_tag = model::false_positive_per_lookup({.distinct_tags = census->distinct_tags});
  facts.add("bits_an_entry", bits).add("bits_above_bound", bits + model::log2_of(by_tag));
  facts.add("false_positives", false_positives(space, census->entries));
  return {};
}

void add_run_bytes(Facts& facts, std::uint64_t announcement_bytes, std::uint64_t directory_bytes) {
  std::vector<Facts> runs;
  for (const std::uint32_t batch : protocol::kBatchSizes) {
    const model::RunBytes bytes = model::run_bytes(std::span(&batch, 1), announcement_bytes, directory_bytes);
    runs.push_back(
        Facts().add("batch", batch).add("bytes_sent", bytes.sent).add("bytes_received", bytes.received));
  }
  facts.add_table("run", std::move(runs));
}

void add_sweep(Facts& facts, const protocol::AllowancePolicy& allowance, Spaces wanted) {
  std::vector<Facts> rows;
  for (const auto& [space, cost] : sweep_rows(allowance, wanted)) {
    Facts row;
    row.add("country", space.country).add("numbers", space.numbers).add("basis", space.basis);
    row.add("accounts_at_once", cost.accounts_at_once);
    row.add("days_with_one_account", cost.days_with_one_account);
    rows.push_back(std::move(row));
  }
  facts.add_table("sweep", std::move(rows));
}

std::string first_run_text(const protocol::RunPlan& plan) {
  const model::RunBytes bytes = model::run_bytes(plan.batches, 0, 0);
  Table table({"SUBSCRIBERS", "DIRECTORY", "A STRANGER OF YOURS SHOWN AS ONE"});
  for (const std::uint64_t entries : kExampleEntries) {
    table.add({grouped(entries), size_text(model::expected_directory_bytes({.entries = entries})),
               likelihood_text(stranger_shown(plan, entries))});
  }
  return "  " + size_text(bytes.sent) + " out and " + size_text(bytes.received) +
         " in, and the whole directory, whose size depends on the service (without labels):\n" +
         table.text("    ");
}

Json first_run_json(const protocol::RunPlan& plan) {
  const model::RunBytes bytes = model::run_bytes(plan.batches, 0, 0);
  Json directories = Json::array();
  for (const std::uint64_t entries : kExampleEntries) {
    directories.push_back({{"entries", entries},
                           {"expected_bytes", model::expected_directory_bytes({.entries = entries})},
                           {"false_positive", stranger_shown(plan, entries).value}});
  }
  return {{"request_bytes", bytes.sent}, {"answer_bytes", bytes.received}, {"directories", directories}};
}

std::string default_sweep_text() {
  const protocol::AllowancePolicy allowance;
  Table table({"COUNTRY", "NUMBERS", "ACCOUNTS AT ONCE", "DAYS WITH ONE ACCOUNT"});
  for (const auto& [space, cost] : sweep_rows(allowance, Spaces::kAssigned)) {
    table.add({std::string(space.country), grouped(space.numbers), grouped(cost.accounts_at_once),
               grouped(cost.days_with_one_account)});
  }
  return "what it costs to try every number of a country, under the default allowance\n  " +
         counted(allowance.initial, "number") + " at once and " + grouped(allowance.refill_per_day) +
         " a day for each account; a service may have another\n" + table.text("    ");
}

void add_default_sweep(Json& object) {
  const protocol::AllowancePolicy allowance;
  object["default_allowance"] = {{"initial", allowance.initial},
                                 {"capacity", allowance.capacity},
                                 {"refill_per_day", allowance.refill_per_day}};
  Json& rows = object["sweep"] = Json::array();
  for (const auto& [space, cost] : sweep_rows(allowance, Spaces::kAssigned)) {
    rows.push_back({{"country", space.country},
                    {"numbers", space.numbers},
                    {"basis", space.basis},
                    {"accounts_at_once", cost.accounts_at_once},
                    {"days_with_one_account", cost.days_with_one_account}});
  }
}

}  // namespace blindbook::cli
