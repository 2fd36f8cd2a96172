#include "blindbook/service/served_keys.h"

#include "blindbook/service/epoch_life.h"
#include "blindbook/service/publication_clock.h"

namespace blindbook::service {
namespace {

void destroy_ended(OperatorFolder& folder, const protocol::Announcement& announced, UnixTime now,
                   const EventSink& events) {
  if (const Result<void> believed = check_publication_clock(announced, now); !believed) {
    events(error_event("clock-doubted", believed.error()));
    return;
  }
  const Result<std::vector<EpochId>> ended = destroy_ended_epochs(folder, announced, now);
  if (!ended) {
    events(error_event("destroy-failed", ended.error()));
    return;
  }
  for (const EpochId& epoch : *ended) {
    events({"epoch-destroyed", {{"epoch", epoch.hex()}}});
  }
}

}  // namespace

Result<std::vector<protocol::EpochKey>> load_served_keys(OperatorFolder& folder, UnixTime now,
                                                         const EventSink& events) {
  const Result<std::optional<protocol::OpenedAnnouncement>> announced = folder.announcement();
  if (!announced) {
    return tl::unexpected<Error>(announced.error());
  }
  if (!*announced) {
    return std::vector<protocol::EpochKey>();
  }
  destroy_ended(folder, (*announced)->announcement, now, events);
  return load_announced_keys(folder, (*announced)->announcement, now);
}

}  // namespace blindbook::service
