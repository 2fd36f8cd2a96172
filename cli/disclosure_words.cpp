#include "cli/disclosure_words.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "cli/common/html.h"

namespace blindbook::cli {
namespace {

using html::element;
using html::fill;

std::tm utc(UnixTime time) {
  // Times in a token are the issuer's words: one beyond the calendar shows as its end.
  const auto seconds = static_cast<std::time_t>(std::min<std::uint64_t>(time.value(), 253'402'300'799));
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return parts;
}

std::string format(const std::tm& parts, const char* pattern) {
  std::array<char, 40> text{};
  std::strftime(text.data(), text.size(), pattern, &parts);
  return text.data();
}

}  // namespace

std::string DisclosureWords::grouped(std::uint64_t number) const {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3;) {
    at -= 3;
    out.insert(at, texts_.digit_groups);
  }
  return out;
}

std::string DisclosureWords::counted(const CountedText& text, std::uint64_t n, std::uint64_t size) const {
  return fill(n == 1 ? text.one : text.many, {{"n", grouped(n)}, {"size", grouped(size)}});
}

std::string DisclosureWords::moment(UnixTime time) const {
  const std::tm parts = utc(time);
  return element(
      "time datetime=\"" + format(parts, "%Y-%m-%dT%H:%M:%SZ") + "\"",
      fill(texts_.date, {{"day", std::to_string(parts.tm_mday)},
                         {"month", std::string(texts_.months.at(static_cast<std::size_t>(parts.tm_mon)))},
                         {"year", std::to_string(1900 + parts.tm_year)},
                         {"time", format(parts, "%H:%M:%S")}}));
}

std::string DisclosureWords::clock(UnixTime time) {
  const std::tm parts = utc(time);
  return element("time datetime=\"" + format(parts, "%Y-%m-%dT%H:%M:%SZ") + "\"", format(parts, "%H:%M:%S"));
}

std::string DisclosureWords::fault_text(Fault fault) const {
  switch (fault) {
    case Fault::kPeerMisbehaved:
      return std::string(texts_.fault_peer);
    case Fault::kBadInput:
      return std::string(texts_.fault_input);
    case Fault::kApiMisuse:
      return std::string(texts_.fault_misuse);
    case Fault::kSpent:
      return std::string(texts_.fault_spent);
    case Fault::kUnavailable:
      break;
  }
  return std::string(texts_.fault_unavailable);
}

}  // namespace blindbook::cli
