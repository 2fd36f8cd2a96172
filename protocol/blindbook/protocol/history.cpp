#include "blindbook/protocol/history.h"

#include <algorithm>

#include "blindbook/protocol/evidence.h"
#include "blindbook/protocol/log_segment.h"

namespace blindbook::protocol {
namespace {

constexpr std::size_t kMaxRememberedEpochs = 256;

/// A conflict that proves nothing to others.
tl::unexpected<Conflict> rollback(std::string_view rule, std::string message) {
  return tl::unexpected<Conflict>(Conflict{peer_misbehaved(rule, std::move(message)).value(), std::nullopt});
}

tl::unexpected<Conflict> fork(const OperatorHistory& history, const OpenedAnnouncement& opened,
                              std::string message, std::optional<LogSegment> log = std::nullopt) {
  return tl::unexpected<Conflict>(
      Conflict{peer_misbehaved("history.fork", std::move(message)).value(),
               encode_evidence({.one = history.object, .other = opened.object, .log = std::move(log)})});
}

/// What `bytes` says of the announcements between the one known and `opened`.
tl::expected<ChainLink, Conflict> bridge(const OperatorHistory& history, const OpenedAnnouncement& opened,
                                         ByteView bytes) {
  Result<LogSegment> log = parse_log(bytes);
  if (!log) {
    return tl::unexpected<Conflict>(Conflict{std::move(log.error()), std::nullopt});
  }
  const std::uint64_t first = history.seq + 1;
  const std::uint64_t last = opened.announcement.seq - 1;
  if (log->first != first) {
    return rollback("log.chain", "the service shows another part of its log than it was asked for");
  }
  if (log->last() < last) {
    return ChainLink::kGap;
  }
  const LogSegment between = log->part(first, last);
  if (between.head_at(last) != opened.announcement.previous_head) {
    return rollback("log.chain", "the log of the service does not lead to its announcement");
  }
  if (between.before != history.head) {
    return fork(history, opened,
                "the announcement that this client saw before is not in the past of the new one", between);
  }
  return ChainLink::kLogged;
}

std::vector<SeenEdition> editions_of(const Announcement& announcement) {
  std::vector<SeenEdition> editions;
  for (const AnnouncedEpoch& epoch : announcement.epochs) {
    editions.push_back({epoch.id, epoch.edition, epoch.root, epoch.not_after});
  }
  return editions;
}

}  // namespace

std::string_view name(ChainLink link) noexcept {
  switch (link) {
    case ChainLink::kFirst:
      return "first";
    case ChainLink::kSame:
      return "same";
    case ChainLink::kNext:
      return "next";
    case ChainLink::kGap:
      return "gap";
    case ChainLink::kLogged:
      return "logged";
  }
  return "gap";
}

std::optional<std::uint64_t> log_needed(const OperatorHistory& history,
                                        const OpenedAnnouncement& opened) noexcept {
  const bool gap =
      history.seq != 0 && opened.announcement.seq > history.seq && opened.announcement.seq - history.seq > 1;
  return gap ? std::optional(history.seq + 1) : std::nullopt;
}

tl::expected<Followed, Conflict> follow(const OperatorHistory& history, const OpenedAnnouncement& opened,
                                        UnixTime now, std::optional<ByteView> log) {
  const Announcement& announcement = opened.announcement;
  ChainLink link = ChainLink::kGap;
  if (history.seq == 0) {
    link = ChainLink::kFirst;
  } else if (opened.certificate.serial < history.highest_serial) {
    return rollback("certificate.revoked",
                    "the announcement is signed by a key that a later certificate revoked");
  } else if (announcement.seq < history.seq) {
    return rollback("history.rollback", "the service shows an announcement older than one it showed before");
  } else if (announcement.seq == history.seq) {
    if (opened.head != history.head) {
      return fork(history, opened, "the service shows two different announcements with one sequence number");
    }
    link = ChainLink::kSame;
  } else if (announcement.seq == history.seq + 1) {
    if (announcement.previous_head != history.head) {
      return fork(history, opened, "the announcement does not follow the one this client saw before");
    }
    link = ChainLink::kNext;
  } else if (log) {
    const tl::expected<ChainLink, Conflict> bridged = bridge(history, opened, *log);
    if (!bridged) {
      return tl::unexpected<Conflict>(bridged.error());
    }
    link = *bridged;
  }

  std::vector<SeenEdition> editions = editions_of(announcement);
  for (const SeenEdition& seen : history.editions) {
    const auto current = std::ranges::find(editions, seen.epoch, &SeenEdition::epoch);
    if (current == editions.end()) {
      // Left out this time; while it lives it may come back, and must not come back older.
      if (now <= seen.not_after) {
        editions.push_back(seen);
      }
      continue;
    }
    if (current->edition < seen.edition) {
      return rollback("history.rollback",
                      "the service announces an edition older than one it announced before");
    }
    if (current->edition == seen.edition && current->root != seen.root) {
      return fork(history, opened, "the service shows two different directories under one edition");
    }
  }
  if (editions.size() > kMaxRememberedEpochs) {
    return rollback("history.epochs",
                    "the service has announced more epochs that live at once than it can need");
  }
  return Followed{.history = {.seq = announcement.seq,
                              .head = opened.head,
                              .highest_serial = std::max(history.highest_serial, opened.certificate.serial),
                              .object = opened.object,
                              .editions = std::move(editions)},
                  .link = link};
}

}  // namespace blindbook::protocol
