#include "blindbook/model/speed.h"

#include <set>
#include <string_view>

#include <catch2/catch.hpp>

#include "blindbook/model/capacity.h"

using namespace blindbook::model;

namespace {

/// A figure for each piece of work that shows in a sum which of them are in it: 1, 10, 100 microseconds, ..
Calibration telling() {
  Calibration out;
  out.client_start_ns = 5'000'000;
  out.client_number_ns = 1'000;
  out.blind_ns = 2'000;
  out.finalize_ns = 3'000;
  out.client_batch_ns = 70'000;
  out.read_entry_ps = 11'000;
  out.fetch_byte_ps = 1'300;
  out.patch_entry_ps = 17'000;
  out.patch_byte_ps = 1'900;
  out.serve_run_ns = 900'000;
  out.evaluate_ns = 4'000;
  out.evaluate_batch_ns = 230'000;
  out.serve_byte_ps = 2'900;
  out.publish_start_ns = 40'000'000;
  out.publish_row_ns = 6'000;
  out.seal_ns = 3'100;
  out.kept_row_ns = 700;
  out.star_entry_ps = 3'700;
  return out;
}

ClientLife city() {
  return {.directory = {.entries = 100'000},
          .daily = {.joins = 500, .leaves = 100},
          .announcement = 4'000,
          .first_batches = {4'096, 4'096}};
}

}  // namespace

TEST_CASE("every figure of a calibration has a name of its own and a place of its own") {
  std::set<std::string_view> names;
  Calibration all;
  std::uint64_t next = 1;
  for (const CalibrationField& field : calibration_fields()) {
    CHECK(names.insert(field.name).second);
    CHECK((field.name.ends_with("_ns") || field.name.ends_with("_ps")));
    CHECK(all.*field.value == 0);
    all.*field.value = next++;
  }
}

TEST_CASE("seconds are counts times what each takes") {
  const Calibration c = telling();
  const ClientLife life = city();
  const double directory = static_cast<double>(expected_directory_bytes(life.directory));
  const double patch = static_cast<double>(expected_patch_bytes(life.directory, life.daily));
  REQUIRE(patch < directory);
  CHECK(client_first_seconds(c, life, 7'000) ==
        Approx(0.005 + 7'000e-6 + 2 * 70e-6 + 8'192 * 5e-6 + 1e5 * 11e-9 + directory * 1.3e-9));
  CHECK(client_daily_seconds(c, life, 7'000) ==
        Approx(0.005 + 7'000e-6 + 70e-6 + 16 * 5e-6 + 1e5 * 17e-9 + directory * 1.9e-9));
  CHECK(serve_first_seconds(c, life) == Approx(900e-6 + 2 * 230e-6 + 8'192 * 4e-6 + directory * 2.9e-9));
  CHECK(serve_daily_seconds(c, life) == Approx(900e-6 + 230e-6 + 16 * 4e-6 + patch * 2.9e-9));
  CHECK(serve_element_seconds(c, 1'024) == Approx(4e-6 + (900e-6 + 230e-6) / 1'024));
  CHECK(publish_first_seconds(c, 1'000, false) == Approx(0.046));
  CHECK(publish_first_seconds(c, 1'000, true) == Approx(0.0491));
  CHECK(publish_next_seconds(c, 100'000, true, life.daily, 30) ==
        Approx(0.04 + 1e5 * 0.7e-6 + 500 * 9.1e-6 + 1e5 * 30 * 3.7e-9));
}

TEST_CASE("a client that must fetch the directory anew takes the time for that") {
  ClientLife life = city();
  life.daily = {.joins = 99'000, .leaves = 90'000};
  REQUIRE(expected_patch_bytes(life.directory, life.daily) >= expected_directory_bytes(life.directory));
  ClientLife once = life;
  once.first_batches = {kScheduledBatch};
  const Calibration c = telling();
  CHECK(client_daily_seconds(c, life, 5) == Approx(client_first_seconds(c, once, 5)));
  CHECK(serve_daily_seconds(c, life) == Approx(serve_first_seconds(c, once)));
}
