#include "blindbook/base/utf8.h"

namespace blindbook {
namespace {

/// The well-formed sequences of RFC 3629 section 4: how many bytes a lead byte announces, and the range of
/// the second byte, which alone excludes overlong forms, surrogates and values above U+10FFFF.
struct Lead {
  std::size_t size;
  unsigned char second_low, second_high;
};

Lead lead_of(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) {
    return {2, 0x80, 0xBF};
  }
  if (byte >= 0xE0 && byte <= 0xEF) {
    return {3, static_cast<unsigned char>(byte == 0xE0 ? 0xA0 : 0x80),
            static_cast<unsigned char>(byte == 0xED ? 0x9F : 0xBF)};
  }
  if (byte >= 0xF0 && byte <= 0xF4) {
    return {4, static_cast<unsigned char>(byte == 0xF0 ? 0x90 : 0x80),
            static_cast<unsigned char>(byte == 0xF4 ? 0x8F : 0xBF)};
  }
  return {0, 0, 0};
}

}  // namespace

CodePoint next_code_point(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) {
    return {byte(0), 1, true};
  }
  const Lead lead = lead_of(byte(0));
  if (lead.size == 0) {
    return {kReplacementCharacter, 1, false};
  }
  char32_t value = byte(0) & (0x7Fu >> lead.size);
  for (std::size_t i = 1; i < lead.size; ++i) {
    const unsigned low = i == 1 ? lead.second_low : 0x80;
    const unsigned high = i == 1 ? lead.second_high : 0xBF;
    if (i == text.size() || byte(i) < low || byte(i) > high) {
      return {kReplacementCharacter, i, false};
    }
    value = value << 6 | (byte(i) & 0x3Fu);
  }
  return {value, lead.size, true};
}

bool is_valid_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    if (!point.valid) {
      return false;
    }
    text.remove_prefix(point.size);
  }
  return true;
}

void append_utf8(std::string& out, char32_t value) {
  if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
    value = kReplacementCharacter;
  }
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xC0 | value >> 6);
    put(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    put(0xE0 | value >> 12);
    put(0x80 | (value >> 6 & 0x3F));
    put(0x80 | (value & 0x3F));
  } else {
    put(0xF0 | value >> 18);
    put(0x80 | (value >> 12 & 0x3F));
    put(0x80 | (value >> 6 & 0x3F));
    put(0x80 | (value & 0x3F));
  }
}

std::string repaired_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    append_utf8(out, point.value);
    text.remove_prefix(point.size);
  }
  return out;
}

bool is_control_or_bidi(char32_t value) noexcept {
  return value < 0x20 || (value >= 0x7F && value <= 0x9F) ||      // C0, DEL, C1
         value == 0x61C || value == 0x200E || value == 0x200F ||  // ALM, LRM, RLM
         (value >= 0x2028 && value <= 0x202E) ||                  // LS, PS, then LRE RLE PDF LRO RLO
         (value >= 0x2066 && value <= 0x2069);                    // LRI RLI FSI PDI
}

}  // namespace blindbook
