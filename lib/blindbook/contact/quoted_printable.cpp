#include "blindbook/contact/quoted_printable.h"

#include <cstddef>

namespace blindbook::contact {
namespace {

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return static_cast<unsigned>(c - '0');
  }
  if (c >= 'A' && c <= 'F') {
    return static_cast<unsigned>(c - 'A' + 10);
  }
  if (c >= 'a' && c <= 'f') {
    return static_cast<unsigned>(c - 'a' + 10);
  }
  return std::nullopt;
}

std::optional<char> escaped_byte(std::string_view text) {
  if (text.size() < 3 || text[0] != '=') {
    return std::nullopt;
  }
  const auto high = hex_digit(text[1]);
  const auto low = hex_digit(text[2]);
  if (!high || !low) {
    return std::nullopt;
  }
  return static_cast<char>(static_cast<unsigned char>(*high << 4U | *low));
}

}  // namespace

std::optional<std::string_view> before_soft_break(std::string_view line) noexcept {
  const std::size_t last = line.find_last_not_of(" \t");
  if (last == std::string_view::npos || line[last] != '=') {
    return std::nullopt;
  }
  return line.substr(0, last);
}

std::string decoded_quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto byte = escaped_byte(text);
    out.push_back(byte.value_or(text.front()));
    text.remove_prefix(byte ? 3 : 1);
  }
  return out;
}

}  // namespace blindbook::contact
