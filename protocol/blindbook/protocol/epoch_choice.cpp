#include "blindbook/protocol/epoch_choice.h"

#include <algorithm>

#include "blindbook/protocol/params.h"

namespace blindbook::protocol {
namespace {

/// Those that have a directory and live at `now`, give or take `tolerance` seconds.
std::vector<const AnnouncedEpoch*> usable_epochs(const Announcement& announcement, UnixTime now,
                                                 std::uint64_t tolerance) {
  std::vector<const AnnouncedEpoch*> usable;
  // Sums are taken of `now` alone: an announced time may be so late that a sum wraps around.
  const std::uint64_t earliest_end = now.value() - std::min(now.value(), tolerance);
  for (const AnnouncedEpoch& epoch : announcement.epochs) {
    const bool lives =
        epoch.not_before.value() <= now.value() + tolerance && earliest_end <= epoch.not_after.value();
    if (lives && epoch.edition != Edition(0)) {
      usable.push_back(&epoch);
    }
  }
  return usable;
}

}  // namespace

const AnnouncedEpoch* choose_epoch(const Announcement& announcement, ClientState& state, UnixTime now,
                                   RandomSource& random) {
  std::vector<const AnnouncedEpoch*> usable = usable_epochs(announcement, now, 0);
  if (usable.empty()) {
    // A client whose clock is a little off, beside the only epoch there is.
    usable = usable_epochs(announcement, now, kClockTolerance);
  }
  for (std::size_t i = 0; i + 1 < usable.size(); ++i) {
    EpochMemory* memory = state.find(usable[i]->id);
    if (memory == nullptr || !memory->begun) {
      continue;
    }
    if (!memory->leave_at) {
      const std::uint64_t from = std::max(now, usable[i + 1]->not_before).value();
      // The overlap, also where the older epoch was made to end later: an operator may open the next one early.
      const std::uint64_t to =
          std::min(usable[i]->not_after.value(), usable[i + 1]->not_before.value() + kEpochOverlap);
      memory->leave_at = UnixTime(from < to ? from + uniform_below(random, to - from) : from);
    }
    if (now < *memory->leave_at) {
      return usable[i];
    }
  }
  return usable.empty() ? nullptr : usable.back();
}

}  // namespace blindbook::protocol
