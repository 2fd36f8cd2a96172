#include "blindbook/protocol/epoch_choice.h"

#include <algorithm>

namespace blindbook::protocol {

const AnnouncedEpoch* choose_epoch(const Announcement& announcement, ClientState& state, UnixTime now,
                                   RandomSource& random) {
  std::vector<const AnnouncedEpoch*> usable;
  for (const AnnouncedEpoch& epoch : announcement.epochs) {
    if (epoch.is_live(now) && epoch.edition != Edition(0)) {
      usable.push_back(&epoch);
    }
  }
  for (std::size_t i = 0; i + 1 < usable.size(); ++i) {
    EpochMemory* memory = state.find(usable[i]->id);
    if (memory == nullptr || memory->outputs.size() == 0) {
      continue;
    }
    if (!memory->leave_at) {
      const std::uint64_t from = std::max(now, usable[i + 1]->not_before).value();
      const std::uint64_t to = usable[i]->not_after.value();
      memory->leave_at = UnixTime(from < to ? from + uniform_below(random, to - from) : from);
    }
    if (now < *memory->leave_at) {
      return usable[i];
    }
  }
  return usable.empty() ? nullptr : usable.back();
}

}  // namespace blindbook::protocol
