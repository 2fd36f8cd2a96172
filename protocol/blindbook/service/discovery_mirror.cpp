#include <optional>
#include <string>
#include <utility>

#include "blindbook/protocol/history.h"
#include "blindbook/protocol/log_segment.h"
#include "blindbook/service/discovery_run.h"
#include "blindbook/service/service_answer.h"

// The second channel: what a mirror shows must be of the same chain as what the service shows.
namespace blindbook::service {

/// Asked of both alike: the announcement, and where one is older, the log of the other. So before anything is sent that
/// costs or tells something.
Result<void> DiscoveryRun::compare_with_mirror(const Bytes& announcement) {
  auto answer = channel_.get_from_mirror("/v1/announcement");
  if (!answer) {
    return failed(answer);
  }
  if (auto refused = refusal_in(*answer)) {
    return tl::unexpected<Error>(std::move(refused->error));
  }
  const auto ours = protocol::open_announcement(announcement, settings_.root);
  const auto theirs = protocol::open_announcement(answer->body, settings_.root);
  if (!ours || !theirs) {
    return tl::unexpected<Error>(ours ? theirs.error() : ours.error());
  }
  const bool mirror_is_older = theirs->announcement.seq <= ours->announcement.seq;
  const protocol::OpenedAnnouncement& older = mirror_is_older ? *theirs : *ours;
  const protocol::OpenedAnnouncement& newer = mirror_is_older ? *ours : *theirs;
  const auto first = protocol::follow({}, older, now_);
  if (!first) {
    return tl::unexpected<Error>(first.error().error);
  }
  std::optional<Bytes> log;
  if (const auto from = protocol::log_needed(first->history, newer)) {
    const std::string path = protocol::log_path(*from);
    auto shown = mirror_is_older ? channel_.get(path) : channel_.get_from_mirror(path);
    if (!shown) {
      return failed(shown);
    }
    if (shown->status == 200) {
      log = std::move(shown->body);
    }
  }
  const auto second =
      protocol::follow(first->history, newer, now_, log ? std::optional<ByteView>(*log) : std::nullopt);
  if (!second) {
    Error error = second.error().error;
    keep_evidence(second.error().evidence, error);
    return tl::unexpected<Error>(std::move(error));
  }
  if (second->link == protocol::ChainLink::kGap) {
    return unavailable(
        "mirror.gap",
        "service and mirror show announcements that are far apart, and no log lies between them",
        "try again later, or another mirror");
  }
  return {};
}

}  // namespace blindbook::service
