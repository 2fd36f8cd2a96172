#include "tests/bench/attack/number_range.h"

#include <algorithm>
#include <stdexcept>

namespace blindbook::bench {
namespace {

constexpr std::string_view kFictionalPrefix = "tel:+493023125";
constexpr std::size_t kFictionalDigits = 3;
constexpr std::string_view kWidePrefix = "tel:+4914";
constexpr std::size_t kWideDigits = 8;

std::string numbered(std::string_view prefix, std::size_t digits, std::uint64_t value) {
  std::string out(prefix);
  const std::string text = std::to_string(value);
  return out.append(digits - text.size(), '0').append(text);
}

/// Counts the decimal number at the end of `text` up by one.
void increment(std::string& text) {
  std::size_t at = text.size() - 1;
  while (text[at] == '9') {
    text[at--] = '0';
  }
  ++text[at];
}

}  // namespace

NumberRange::NumberRange(std::uint64_t size) : size_(size) {
  if (size > kMost) {
    throw std::invalid_argument("a range of more numbers than are nobody's");
  }
}

std::string NumberRange::at(std::uint64_t index) const {
  return index < kFictional ? numbered(kFictionalPrefix, kFictionalDigits, index)
                            : numbered(kWidePrefix, kWideDigits, index - kFictional);
}

void NumberRange::for_each(const std::function<void(std::string_view)>& visit) const {
  for (std::uint64_t i = 0; i < std::min(size_, kFictional); ++i) {
    visit(at(i));
  }
  if (size_ <= kFictional) {
    return;
  }
  std::string identifier = at(kFictional);
  visit(identifier);
  for (std::uint64_t i = kFictional + 1; i < size_; ++i) {
    increment(identifier);
    visit(identifier);
  }
}

}  // namespace blindbook::bench
