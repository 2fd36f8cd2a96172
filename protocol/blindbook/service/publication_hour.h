#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"

/// When a service publishes that does so by itself, once a day at a fixed hour (docs/operator/README.md).
namespace blindbook::service {

/// A time of day, UTC.
class PublicationHour {
 public:
  /// From "HH:MM", 00:00 to 23:59; nothing on anything else.
  [[nodiscard]] static std::optional<PublicationHour> parse(std::string_view text);

  /// The last time it was that hour at `now`, and the next time it will be, which is after `now`.
  /// @{
  [[nodiscard]] UnixTime last(UnixTime now) const noexcept;
  [[nodiscard]] UnixTime next(UnixTime now) const noexcept;
  /// @}

  friend bool operator==(PublicationHour, PublicationHour) = default;

 private:
  explicit constexpr PublicationHour(std::uint32_t second) noexcept : second_(second) {}
  std::uint32_t second_;  // of the day
};

/// When `announcement` was published. What a key or an epoch was announced by since then is no publication.
[[nodiscard]] UnixTime published_at(const protocol::Announcement& announcement) noexcept;

/// Decides, each time it is asked, whether to publish now: at the hour; at once where that was missed; and 10
/// minutes after a publication that failed.
class PublicationSchedule {
 public:
  static constexpr std::uint64_t kRetrySeconds = 600;

  explicit PublicationSchedule(PublicationHour hour) noexcept : hour_(hour) {}

  /// Whether a publication is due at `now` after `last`, null for none.
  [[nodiscard]] bool is_due(const protocol::Announcement* last, UnixTime now) const noexcept;
  /// The publication that was due failed at `now`.
  void failed(UnixTime now) noexcept { failed_at_ = now; }

  [[nodiscard]] PublicationHour hour() const noexcept { return hour_; }

 private:
  PublicationHour hour_;
  std::optional<UnixTime> failed_at_;
};

}  // namespace blindbook::service
