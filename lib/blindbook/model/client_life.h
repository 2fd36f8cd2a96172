#pragma once

#include <cstdint>
#include <vector>

#include "blindbook/base/types.h"
#include "blindbook/model/sizes.h"

/// What a client moves over its life: on its first day, on a later one, in a month, in an epoch.
namespace blindbook::model {

/// The batch of a scheduled run.
inline constexpr std::uint32_t kScheduledBatch = 16;

/// What it depends on. A client runs once a day; the directory is taken to stay as long as it is.
struct ClientLife {
  DirectoryShape directory;  ///< as it is fetched: label_bytes of labels that stand in it
  Churn daily = {};
  std::uint64_t announcement = 0;                   ///< bytes of that object
  std::vector<std::uint32_t> first_batches{1'024};  ///< sizes, of the first run in an epoch
  std::uint64_t epoch_days = 90;                    ///< at least 1
  SuiteId suite = SuiteId::kRistretto255Sha512;
};

/// Bodies of HTTP in bytes, and over what they went. Heads and TLS are no part of it.
struct Moved {
  std::uint64_t sent = 0;      ///< by the client
  std::uint64_t received = 0;  ///< by the client
  std::uint64_t requests = 0;
  std::uint64_t connections = 0;  ///< public objects never go over the one that bears the account

  friend bool operator==(const Moved&, const Moved&) = default;
};

/// The first run in an epoch: announcement, batches, directory. What is sent is exact; what is received is as exact as
/// announcement and directory are.
[[nodiscard]] Moved first_run(const ClientLife& life);

/// A later day: announcement, the patch of one day (the directory where that is no longer), a batch of 16.
[[nodiscard]] Moved daily_run(const ClientLife& life);

/// `days` days as they are in the mean: the run of every day, and, spread over the days of an epoch, the batches and the
/// directory that each epoch costs once. Sums are rounded down.
[[nodiscard]] Moved moved_in(const ClientLife& life, std::uint64_t days);

/// What an average client moves in 30 days, both ways.
[[nodiscard]] std::uint64_t client_month_bytes(const ClientLife& life);

}  // namespace blindbook::model
