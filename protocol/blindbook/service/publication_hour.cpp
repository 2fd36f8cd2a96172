#include "blindbook/service/publication_hour.h"

#include <algorithm>

#include "blindbook/protocol/params.h"

namespace blindbook::service {
namespace {

/// Two decimal digits as a number below `bound`.
std::optional<std::uint32_t> two_digits(std::string_view text, std::uint32_t bound) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 2 || !digit(text[0]) || !digit(text[1])) {
    return std::nullopt;
  }
  const std::uint32_t number =
      static_cast<std::uint32_t>(text[0] - '0') * 10 + static_cast<std::uint32_t>(text[1] - '0');
  return number < bound ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<PublicationHour> PublicationHour::parse(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') {
    return std::nullopt;
  }
  const auto hours = two_digits(text.substr(0, 2), 24);
  const auto minutes = two_digits(text.substr(3), 60);
  if (!hours || !minutes) {
    return std::nullopt;
  }
  return PublicationHour(*hours * 3'600 + *minutes * 60);
}

UnixTime PublicationHour::last(UnixTime now) const noexcept {
  const std::uint64_t day = now.value() - now.value() % protocol::kDay;
  const std::uint64_t today = day + second_;
  return UnixTime(today <= now.value() ? today : today - std::min(today, protocol::kDay));
}

UnixTime PublicationHour::next(UnixTime now) const noexcept {
  const std::uint64_t today = now.value() - now.value() % protocol::kDay + second_;
  return UnixTime(today > now.value() ? today : today + protocol::kDay);
}

UnixTime published_at(const protocol::Announcement& announcement) noexcept {
  // Both said again, the end of an announcement stays: only a publication moves it.
  const std::uint64_t end = announcement.valid_until.value();
  return UnixTime(end - std::min(end, protocol::kAnnouncementLife));
}

bool PublicationSchedule::is_due(const protocol::Announcement* last, UnixTime now) const noexcept {
  if (last != nullptr && published_at(*last) >= hour_.last(now)) {
    return false;
  }
  // A clock that was set back must not make it wait for longer.
  return !failed_at_ || now < *failed_at_ || failed_at_->value() + kRetrySeconds <= now.value();
}

}  // namespace blindbook::service
