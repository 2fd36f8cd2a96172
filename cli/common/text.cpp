#include "cli/common/text.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace blindbook::cli {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  constexpr std::string_view kPower = "2^";
  const bool is_power = text.substr(0, kPower.size()) == kPower;
  text.remove_prefix(is_power ? kPower.size() : 0);
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || (is_power && out >= 64)) {
    return std::nullopt;
  }
  return is_power ? std::uint64_t{1} << out : out;
}

std::string grouped(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3;) {
    at -= 3;
    out.insert(at, ",");
  }
  return out;
}

std::string counted(std::uint64_t number, std::string_view singular) {
  return grouped(number) + " " + std::string(singular) + (number == 1 ? "" : "s");
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1000) {
    return counted(bytes, "byte");
  }
  constexpr std::array kUnits{"kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  // 999.5 would be shown as 1000.
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  std::array<char, 32> text{};
  const int digits = value < 9.995 ? 2 : (value < 99.95 ? 1 : 0);
  std::snprintf(text.data(), text.size(), "%.*f %s", digits, value, kUnits[unit]);
  return text.data();
}

std::string time_text(UnixTime time) {
  constexpr std::uint64_t kYear10000 = 253'402'300'800;
  if (time.value() >= kYear10000) {
    return "after the year 9999";
  }
  const std::time_t seconds = static_cast<std::time_t>(time.value());
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

std::string duration_text(std::uint64_t seconds) {
  struct Unit {
    std::uint64_t seconds;
    std::string_view name;
  };
  constexpr std::array kUnits{Unit{86'400, "day"}, Unit{3'600, "hour"}, Unit{60, "minute"}};
  for (const Unit& unit : kUnits) {
    if (seconds >= 2 * unit.seconds || seconds == unit.seconds) {
      return counted(seconds / unit.seconds, unit.name);
    }
  }
  return counted(seconds, "second");
}

}  // namespace blindbook::cli
