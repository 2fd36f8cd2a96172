#include "blindbook/model/capacity.h"

#include <catch2/catch.hpp>

using namespace blindbook::model;

namespace {

/// With the figures of tests/bench/capacity: 125,000 evaluations a second of each of 4 cores, one batch of 1,024, and
/// directories without labels.
struct Row {
  Load load;
  Fleet fleet;
};
Row of_table(std::uint64_t citizens, const char* name) {
  const Rush& rush = *find_rush(name);
  const Load load = load_of(static_cast<double>(citizens),
                            {.directory = {.entries = citizens}, .announcement = 2'000}, rush);
  return {load, fleet_for(load, rush, {.rate = 125'000})};
}

}  // namespace

TEST_CASE("capacity is what the table of the documents says") {
  // Rows of docs/performance.md, "Capacity", which tests/bench/capacity computes by itself: with 1.57 bits above the
  // bound, which is the most, where this has the bits of each directory.
  const Row morning = of_table(10'000'000, "morning");
  CHECK(morning.load.evaluations == 10.24e9);
  CHECK(morning.load.busiest_day_evaluations == 10.24e9);
  CHECK(morning.fleet.core_seconds / 3'600 == Approx(22.8).margin(0.05));
  CHECK(morning.fleet.machines == 6);
  CHECK(morning.load.bytes_sent / 1e12 == Approx(219.34).epsilon(0.005));
  CHECK(morning.load.peak_bits_a_second / 1e9 == Approx(243.71).epsilon(0.005));
  CHECK(morning.load.peak_charges_a_second == Approx(1'388.9).margin(0.05));
  CHECK(morning.fleet.all_at_once_seconds / 60 == Approx(56.9).margin(0.05));
  const Row month = of_table(1'000'000, "month");
  CHECK(month.fleet.machines == 2);
  CHECK(month.load.busiest_day_evaluations == Approx(1.024e9 / 30 * 5));
  CHECK(month.load.bytes_sent / 1e12 == Approx(2.43).epsilon(0.005));
  CHECK(month.load.peak_charges_a_second == Approx(1.9).margin(0.05));
  CHECK(month.fleet.all_at_once_seconds / 60 == Approx(17.1).margin(0.05));
}

TEST_CASE("machines that are slower, smaller or less busy are more") {
  const Rush morning = *find_rush("morning");
  const Load load = load_of(1e7, {.directory = {.entries = 10'000'000}}, morning);
  CHECK(fleet_for(load, morning, {.rate = 62'500}).machines == 12);
  CHECK(fleet_for(load, morning, {.rate = 125'000, .cores = 1}).machines == 23);
  CHECK(fleet_for(load, morning, {.rate = 125'000, .busy = 1}).machines == 3);
  CHECK(fleet_for(load, morning, {.rate = 125'000, .least = 9}).machines == 9);
}

TEST_CASE("two batches of a client are two charges") {
  ClientLife life{.directory = {.entries = 1'000}};
  life.first_batches = {4'096, 4'096};
  const Load all = load_of(1'000, life, *find_rush("month"));
  CHECK(all.evaluations == 8'192'000);
  CHECK(all.peak_charges_a_second == Approx(2'000.0 / (30 * 86'400) * 5));
}

TEST_CASE("what goes on day after day is spread over the day") {
  // 8.64 million clients are 100 a second, 500 in the peak: 5 cores of 10 ms each, of which three quarters are counted on
  // and half are to be busy.
  const Upkeep all = upkeep(8.64e6, {.core_seconds = 0.01, .bytes_sent = 1'000}, {});
  CHECK(all.machines == 4);
  CHECK(all.peak_bits_a_second == Approx(4e6));
  CHECK(upkeep(1, {.core_seconds = 0.01, .bytes_sent = 1'000}, {}).machines == 2);
}

TEST_CASE("there is no rush of another name") {
  CHECK(find_rush("evening") == nullptr);
}
