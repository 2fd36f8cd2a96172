#include "blindbook/model/client_life.h"

#include <algorithm>
#include <array>

namespace blindbook::model {
namespace {

constexpr std::uint64_t kDaysInAMonth = 30;
constexpr std::uint64_t kConnections = 2;

}  // namespace

Moved first_run(const ClientLife& life) {
  const RunBytes bytes =
      run_bytes(life.first_batches, life.announcement, expected_directory_bytes(life.directory), life.suite);
  return {.sent = bytes.sent,
          .received = bytes.received,
          .requests = 2 + life.first_batches.size(),
          .connections = kConnections};
}

Moved daily_run(const ClientLife& life) {
  constexpr std::array kBatches{kScheduledBatch};
  const std::uint64_t update =
      std::min(expected_directory_bytes(life.directory), expected_patch_bytes(life.directory, life.daily));
  const RunBytes bytes = run_bytes(kBatches, life.announcement, update, life.suite);
  return {.sent = bytes.sent,
          .received = bytes.received,
          .requests = 2 + kBatches.size(),
          .connections = kConnections};
}

Moved moved_in(const ClientLife& life, std::uint64_t days) {
  const Moved day = daily_run(life);
  const Moved first = first_run(life);
  // The announcement of the day on which an epoch begins is that of the day.
  const auto spread = [&](std::uint64_t once) { return days * once / life.epoch_days; };
  return {.sent = days * day.sent + spread(first.sent),
          .received = days * day.received + spread(first.received - life.announcement),
          .requests = days * day.requests + spread(first.requests - 1),
          .connections = days * day.connections};
}

std::uint64_t client_month_bytes(const ClientLife& life) {
  const Moved month = moved_in(life, kDaysInAMonth);
  return month.sent + month.received;
}

}  // namespace blindbook::model
