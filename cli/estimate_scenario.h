#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/model/capacity.h"
#include "blindbook/model/client_life.h"
#include "blindbook/model/network.h"
#include "blindbook/model/sweep.h"
#include "blindbook/protocol/announcement.h"

#include "cli/common/arguments.h"
#include "cli/common/suite_names.h"

/// What `blindbook estimate` is asked about.
namespace blindbook::cli {

/// Everything that figures depend on, within the bounds of protocol v1.
struct Scenario {
  std::uint64_t subscribers = 1'000'000;  ///< entries of the directory
  std::uint64_t contacts = 1'024;         ///< numbers in the address book of each client
  double joins = 0.005;                   ///< part of the subscribers that joins in a day
  double leaves = 0.001;                  ///< and that leaves
  std::uint64_t epoch_days = 90;
  std::uint64_t patches =
      0;  ///< announced with an edition: from the 30 before it, as far as its epoch goes back
  protocol::LabelMode labels = protocol::LabelMode::kNone;
  std::uint64_t label_bytes = 0;  ///< L; 0 without labels
  SuiteId suite = SuiteId::kRistretto255Sha512;
  std::uint64_t clients = 1'000'000;
  const model::NetworkPreset* network = nullptr;
  const model::Rush* rush = nullptr;
  model::SweepAllowance allowance;
  model::ClientLife life;  ///< what follows of it for a client
};

/// From the options, and defaults where there is none. BadInput, naming the bound that is broken: "estimate.number" (not a
/// number of its kind), "estimate.subscribers" (1 to 2^40), "estimate.contacts" (two batches of 4,096, or more than the
/// first allowance covers), "estimate.churn" (more than 100 %), "estimate.epoch" (1 to 3,650 days), "estimate.labels" (a
/// length without labels, or not 2 to 512 bytes), "estimate.clients" (1 to 2^40), "estimate.allowance" (above 10^9),
/// "estimate.directory" (longer than a client stores).
[[nodiscard]] Result<Scenario> scenario_from(const Arguments& arguments);

}  // namespace blindbook::cli
