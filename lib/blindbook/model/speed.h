#pragma once

#include <cstdint>

#include "blindbook/model/calibration.h"
#include "blindbook/model/client_life.h"

/// CPU seconds of one core, from what a machine was measured to take and how often: whole commands, kernel and user time.
/// Stretching a passphrase is no part of them, and no work of whoever else the machine serves.
namespace blindbook::model {

/// `blindbook discover`, the first run in an epoch, with `numbers` in the address book; what it sends is of `life`.
[[nodiscard]] double client_first_seconds(const Calibration& calibration, const ClientLife& life,
                                          std::uint64_t numbers);

/// `blindbook discover --refresh` on a later day.
[[nodiscard]] double client_daily_seconds(const Calibration& calibration, const ClientLife& life,
                                          std::uint64_t numbers);

/// What `blindbook serve` takes for such runs.
/// @{
[[nodiscard]] double serve_first_seconds(const Calibration& calibration, const ClientLife& life);
[[nodiscard]] double serve_daily_seconds(const Calibration& calibration, const ClientLife& life);
/// @}

/// What it takes to answer one batch of `elements` without sending a directory, per element.
[[nodiscard]] double serve_element_seconds(const Calibration& calibration, std::uint64_t elements);

/// `blindbook publish` of `rows` that were never published, under one epoch; `labels`: with labels.
[[nodiscard]] double publish_first_seconds(const Calibration& calibration, std::uint64_t rows, bool labels);

/// `blindbook publish` of the next edition, with patches from `patches` earlier ones.
[[nodiscard]] double publish_next_seconds(const Calibration& calibration, std::uint64_t rows, bool labels,
                                          const Churn& daily, std::uint64_t patches);

}  // namespace blindbook::model
