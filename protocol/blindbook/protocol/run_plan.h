#pragma once

#include <cstdint>
#include <vector>

#include "blindbook/protocol/params.h"

/// How many batches of which size a run sends: the only thing a service learns of how many numbers are new.
namespace blindbook::protocol {

enum class RunKind {
  kFirstInEpoch,  ///< scheduled or not
  kByUser,        ///< a later run that a person started
  kScheduled,     ///< a later run that a timer started
};

struct RunPlan {
  std::vector<std::uint32_t> batches;  ///< never empty
  std::size_t looked_up = 0;           ///< how many of the new numbers fit
  std::size_t left_over = 0;           ///< the rest, to be reported as not looked up
};

/// First run: one batch of the smallest size >= max(new, 64). Later run by a person: the smallest size >=
/// new, at least 16, also when nothing is new. Scheduled: exactly one batch of 16. More than 4096: batches of
/// 4096, at most 2.
[[nodiscard]] RunPlan plan_run(RunKind kind, std::size_t new_numbers);

}  // namespace blindbook::protocol
