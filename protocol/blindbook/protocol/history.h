#pragma once

#include <optional>
#include <vector>

#include "blindbook/protocol/announcement.h"

/// What a client remembers of one operator's announcements, and what it refuses because of that. This proves
/// that the service is consistent with *this client's own past*; that all clients see one chain needs a
/// second channel.
namespace blindbook::protocol {

struct SeenEdition {
  EpochId epoch;
  Edition edition;
  Root root;
  UnixTime not_after;  ///< of the epoch: until then it is remembered, announced or not
  friend bool operator==(const SeenEdition&, const SeenEdition&) = default;
};

/// Empty (seq 0) before the first announcement.
struct OperatorHistory {
  std::uint64_t seq = 0;
  Head head;
  std::uint64_t highest_serial = 0;   ///< of any certificate seen
  Bytes object;                       ///< the last announcement, kept as evidence against a fork
  std::vector<SeenEdition> editions;  ///< the last one seen of each epoch that has not ended
  friend bool operator==(const OperatorHistory&, const OperatorHistory&) = default;
};

/// How an announcement hangs on the one before.
enum class ChainLink {
  kFirst,  ///< nothing was known of this operator
  kSame,   ///< the very announcement already known
  kNext,   ///< its successor, which names the known head
  kGap,    ///< a later one; those between were not seen
  kLogged  ///< a later one; the log shows that the known one stands in its past
};

/// "first", "same", "next", "gap", "logged".
[[nodiscard]] std::string_view name(ChainLink link) noexcept;

struct Followed {
  OperatorHistory history;  ///< to be kept in place of the old one
  ChainLink link;
};

struct Conflict {
  Error error;
  /// Two validly signed announcements that contradict each other, as a file to show to others (evidence.h). Nothing
  /// where one operator's signature alone proves no wrong.
  std::optional<Bytes> evidence;
};

/// Whether `opened` is later than the successor of what `history` ends with, so that only a log can show that one
/// follows from the other; and from which seq on that log is needed.
[[nodiscard]] std::optional<std::uint64_t> log_needed(const OperatorHistory& history,
                                                      const OpenedAnnouncement& opened) noexcept;

/// The history after `opened` at `now`, or why `opened` contradicts the past. `log`, from log_needed() on, is what the
/// service of `opened` says stood between; where it has none, or it ends too early, the gap stays a gap. PeerMisbehaved
/// "history.rollback" (lower seq or edition), "history.fork" (same seq, other bytes; same edition, other
/// root; a successor that names another head, or whose log does), "log.format", "log.chain" (a log that does not lead to
/// `opened`), "certificate.revoked" (a higher serial was seen), "history.epochs" (more epochs live at once than any
/// operator needs).
[[nodiscard]] tl::expected<Followed, Conflict> follow(const OperatorHistory& history,
                                                      const OpenedAnnouncement& opened, UnixTime now,
                                                      std::optional<ByteView> log = std::nullopt);

}  // namespace blindbook::protocol
