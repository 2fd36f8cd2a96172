#include "blindbook/model/capacity.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace blindbook::model {
namespace {

/// Of the directories that are fetched while their entries grow from none.
double mean_directory_bytes(const DirectoryShape& whole) {
  constexpr std::uint64_t kSteps = 200;
  double sum = 0;
  for (std::uint64_t step = 0; step < kSteps; ++step) {
    DirectoryShape then = whole;
    then.entries = static_cast<std::uint64_t>(static_cast<double>(whole.entries) *
                                              (static_cast<double>(step) + 0.5) / kSteps);
    sum += static_cast<double>(expected_directory_bytes(then));
  }
  return sum / kSteps;
}

constexpr Rush kDay{.name = "day", .seconds = 86'400, .peak = 5};

std::uint64_t machines_for(double core_seconds, const Rush& rush, const Machines& machines) {
  const double peak_cores = core_seconds / rush.seconds * rush.peak / machines.busy;
  return std::max(machines.least,
                  static_cast<std::uint64_t>(std::ceil(peak_cores / static_cast<double>(machines.cores))));
}

}  // namespace

std::span<const Rush> rushes() noexcept {
  static constexpr std::array kRushes{Rush{.name = "month", .seconds = 30 * 86'400, .peak = 5},
                                      Rush{.name = "morning", .seconds = 4 * 3'600, .peak = 2}};
  return kRushes;
}

const Rush* find_rush(std::string_view name) noexcept {
  for (const Rush& rush : rushes()) {
    if (rush.name == name) {
      return &rush;
    }
  }
  return nullptr;
}

Load load_of(double clients, const ClientLife& life, const Rush& rush) {
  double elements = 0;
  double answers = 0;
  for (const std::uint32_t batch : life.first_batches) {
    elements += batch;
    answers += static_cast<double>(evaluate_bytes(batch, life.suite).answer);
  }
  Load out;
  out.evaluations = clients * elements;
  out.busiest_day_evaluations =
      std::min(out.evaluations, out.evaluations / rush.seconds * rush.peak * kDay.seconds);
  out.bytes_sent =
      clients * (answers + static_cast<double>(life.announcement) + mean_directory_bytes(life.directory));
  out.peak_bits_a_second = out.bytes_sent * 8 / rush.seconds * rush.peak;
  out.peak_charges_a_second =
      clients * static_cast<double>(life.first_batches.size()) / rush.seconds * rush.peak;
  return out;
}

Fleet fleet_for(const Load& load, const Rush& rush, const Machines& machines) {
  Fleet out;
  out.core_seconds = load.evaluations / machines.rate;
  out.machines = machines_for(out.core_seconds, rush, machines);
  out.all_at_once_seconds = out.core_seconds / static_cast<double>(out.machines * machines.cores);
  return out;
}

Upkeep upkeep(double clients, const DailyShare& share, const Machines& machines) {
  return {.machines = machines_for(clients * share.core_seconds / kCountedOn, kDay, machines),
          .peak_bits_a_second = clients * share.bytes_sent * 8 / kDay.seconds * kDay.peak};
}

}  // namespace blindbook::model
