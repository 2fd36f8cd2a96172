#include "blindbook/protocol/run_plan.h"

#include <algorithm>

namespace blindbook::protocol {

RunPlan plan_run(RunKind kind, std::size_t new_numbers) {
  RunPlan plan;
  if (kind == RunKind::kScheduled) {
    plan.batches = {kBatchSizes.front()};
  } else {
    const std::size_t minimum = kind == RunKind::kFirstInEpoch ? kFirstRunMinimum : kBatchSizes.front();
    const auto one = smallest_batch_for(std::max(new_numbers, minimum));
    plan.batches = one ? std::vector{*one} : std::vector(kMaxBatchesPerRun, kLargestBatch);
  }
  std::size_t room = 0;
  for (const std::uint32_t size : plan.batches) {
    room += size;
  }
  plan.looked_up = std::min(new_numbers, room);
  plan.left_over = new_numbers - plan.looked_up;
  return plan;
}

}  // namespace blindbook::protocol
