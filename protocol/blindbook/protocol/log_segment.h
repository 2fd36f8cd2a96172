#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"

/// The log of announcements as hashes (docs/spec/announcement.md, "The log"): enough to show that one announcement
/// stands in the past of another, also where the announcements between them are gone.
namespace blindbook::protocol {

/// Announcements that follow each other, from seq `first` on.
struct LogSegment {
  std::uint64_t first = 1;
  Head before;                  ///< of seq first - 1; all zero where first is 1
  std::vector<Digest> objects;  ///< SHA-256 of each

  [[nodiscard]] std::uint64_t last() const noexcept { return first + objects.size() - 1; }
  /// The head of `seq`; nothing unless first - 1 <= seq <= last().
  [[nodiscard]] std::optional<Head> head_at(std::uint64_t seq) const;
  /// The part from `from` to `to`. first <= from, to <= last().
  [[nodiscard]] LogSegment part(std::uint64_t from, std::uint64_t to) const;
  friend bool operator==(const LogSegment&, const LogSegment&) = default;
};

/// The head after `previous` of an announcement of that hash.
[[nodiscard]] Head next_head(const Head& previous, const Digest& object);

/// magic(8) version(1)=1 first(8) before(32) count(4), then count hashes of 32 bytes.
[[nodiscard]] Bytes encode_log(const LogSegment& log);

/// PeerMisbehaved "log.format".
[[nodiscard]] Result<LogSegment> parse_log(ByteView bytes);

/// The path at which a service has its log from `seq` on: "/v1/log?from=<seq>".
[[nodiscard]] std::string log_path(std::uint64_t seq);

}  // namespace blindbook::protocol
