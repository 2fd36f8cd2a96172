#include "blindbook/model/client_life.h"

#include <catch2/catch.hpp>

#include "blindbook/protocol/run_plan.h"

using namespace blindbook;
using namespace blindbook::model;

namespace {

ClientLife million() {
  return {
      .directory = {.entries = 1'000'000}, .daily = {.joins = 5'000, .leaves = 1'000}, .announcement = 6'000};
}

}  // namespace

TEST_CASE("a scheduled run has the batch of the protocol") {
  const auto plan = protocol::plan_run(protocol::RunKind::kScheduled, 0);
  CHECK(plan.batches == std::vector{kScheduledBatch});
}

TEST_CASE("a first run is announcement, batches and directory") {
  ClientLife life = million();
  life.first_batches = {4'096, 4'096};
  const EvaluateBytes batch = evaluate_bytes(4'096);
  CHECK(first_run(life) ==
        Moved{.sent = 2 * batch.request,
              .received = 6'000 + 2 * batch.answer + expected_directory_bytes(life.directory),
              .requests = 4,
              .connections = 2});
}

TEST_CASE("a month of a client at a million subscribers is what was set out to reach") {
  const ClientLife life = million();
  CHECK(expected_patch_bytes(life.directory, life.daily) <= 34'000);
  CHECK(client_month_bytes(life) <= 3'500'000);
  const EvaluateBytes daily = evaluate_bytes(16);
  const EvaluateBytes first = evaluate_bytes(1'024);
  CHECK(client_month_bytes(life) ==
        30 * (6'000 + expected_patch_bytes(life.directory, life.daily) + daily.request + daily.answer) +
            first.request / 3 + (expected_directory_bytes(life.directory) + first.answer) / 3);
}

TEST_CASE("an epoch is its days and what it costs once") {
  ClientLife life = million();
  for (const std::uint64_t days : {std::uint64_t{1}, std::uint64_t{90}, std::uint64_t{365}}) {
    life.epoch_days = days;
    const Moved epoch = moved_in(life, days);
    const Moved day = daily_run(life);
    const Moved first = first_run(life);
    CHECK(epoch.sent == days * day.sent + first.sent);
    CHECK(epoch.received == days * day.received + first.received - life.announcement);
    CHECK(epoch.requests == days * day.requests + first.requests - 1);
  }
  // Twice the time moves twice as much.
  life.epoch_days = 90;
  CHECK(moved_in(life, 180).received == 2 * moved_in(life, 90).received);
}

TEST_CASE("a client fetches the directory where a patch is longer") {
  const ClientLife restless{.directory = {.entries = 1'000}, .daily = {.joins = 5'000, .leaves = 900}};
  ClientLife calm = restless;
  calm.daily = {.joins = 6'000, .leaves = 900};
  CHECK(client_month_bytes(restless) == client_month_bytes(calm));
  CHECK(daily_run(restless).received ==
        expected_directory_bytes(restless.directory) + evaluate_bytes(16).answer);
}
