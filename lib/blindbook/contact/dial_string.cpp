#include "blindbook/contact/dial_string.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "blindbook/base/utf8.h"
#include "blindbook/contact/ascii.h"

namespace blindbook::contact {
namespace {

// What stands for characters beyond ASCII that are left: neither is a mark to cut at, and neither is in a
// number.
constexpr char kAnyLetter = 'A';
constexpr char kAnySymbol = '?';

/// The zeros of the decimal digits (Unicode 15, general category Nd) of the Basic Multilingual Plane beyond
/// ASCII; the nine digits follow each.
constexpr std::array<char32_t, 35> kZeros = {
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0};

bool is_space(char32_t value) {
  return value == 0x09 || value == 0xA0 || value == 0x1680 || (value >= 0x2000 && value <= 0x200A) ||
         value == 0x202F || value == 0x205F || value == 0x3000;
}

/// Shows nothing, so that its owner cannot see it: soft hyphen, zero width, joiners, byte order mark,
/// variation selectors, besides controls and bidi characters.
bool is_invisible(char32_t value) {
  return is_control_or_bidi(value) || value == 0xAD || (value >= 0x200B && value <= 0x200D) ||
         (value >= 0x2060 && value <= 0x206F) || value == 0xFEFF || (value >= 0xFE00 && value <= 0xFE0F);
}

bool is_dash(char32_t value) {
  return (value >= 0x2010 && value <= 0x2015) || value == 0x2212 || value == 0x30FC || value == 0xFE63;
}

/// Blocks of punctuation and pictures; anything else beyond ASCII counts as a letter.
bool is_symbol(char32_t value) {
  return value < 0xC0 || value == 0xD7 || value == 0xF7 || (value >= 0x2000 && value <= 0x2BFF) ||
         (value >= 0x3000 && value <= 0x303F) || value == kReplacementCharacter || value >= 0x1F000;
}

void append_ascii(std::string& out, char32_t value) {
  if (is_space(value)) {
    out.push_back(' ');
  } else if (is_invisible(value)) {
    return;
  } else if (value < 0x80) {
    out.push_back(static_cast<char>(value));
  } else if (is_dash(value)) {
    out.push_back('-');
  } else if (value >= 0xFF01 && value <= 0xFF5E) {
    out.push_back(static_cast<char>(value - 0xFF01 + '!'));
  } else {
    const auto zero = std::find_if(kZeros.begin(), kZeros.end(), [&](char32_t candidate) {
      return value >= candidate && value < candidate + 10;
    });
    if (zero != kZeros.end()) {
      out.push_back(static_cast<char>('0' + (value - *zero)));
    } else {
      out.push_back(is_symbol(value) ? kAnySymbol : kAnyLetter);
    }
  }
}

std::string to_ascii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    append_ascii(out, point.value);
    text.remove_prefix(point.size);
  }
  return out;
}

std::optional<int> hex_digit(char c) {
  if (is_ascii_digit(c)) {
    return c - '0';
  }
  if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
    return (c | 0x20) - 'a' + 10;
  }
  return std::nullopt;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (high && low) {
        out.push_back(static_cast<char>(*high << 4 | *low));
        i += 2;
        continue;
      }
    }
    out.push_back(text[i]);
  }
  return out;
}

/// The number of a `tel:` URI without its parameters; a local number gets the country code its phone-context
/// gives (RFC 3966 section 5.1.5). Other text is returned as it is.
std::string without_uri(std::string_view text) {
  constexpr std::string_view kScheme = "tel:";
  constexpr std::string_view kContext = ";phone-context=";
  text = trimmed(text);
  if (!starts_with_ignoring_case(text, kScheme)) {
    return std::string(text);
  }
  const std::string uri = percent_decoded(text.substr(kScheme.size()));
  const std::string_view view = uri;
  const std::string_view number = view.substr(0, view.find(';'));
  const auto context =
      std::search(view.begin(), view.end(), kContext.begin(), kContext.end(), [](char a, char b) {
        return equals_ignoring_case({&a, 1}, {&b, 1});
      });
  if (context == view.end() || number.find('+') != std::string_view::npos) {
    return std::string(number);
  }
  std::string_view prefix(context + static_cast<std::ptrdiff_t>(kContext.size()), view.end());
  prefix = prefix.substr(0, prefix.find(';'));
  // A domain name as context says nothing about the country.
  return prefix.starts_with('+') ? std::string(prefix).append(number) : std::string(number);
}

bool has_letter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_ascii_letter);
}

/// Replaces each "(..)" that holds a letter by a space: "(Mama)" goes, "(089)" and "(0)" stay.
std::string without_remarks(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('(');
    const std::size_t close = open == std::string_view::npos ? open : text.find(')', open);
    if (close == std::string_view::npos) {
      return out.append(text);
    }
    const std::string_view group = text.substr(open, close - open + 1);
    out.append(text.substr(0, open)).append(has_letter(group) ? " " : group);
    text.remove_prefix(close + 1);
  }
  return out;
}

/// True when at `text`, inside a number, an extension or a pause begins: , ; # or one of p w x ext that is
/// not the beginning of another word ("privat").
bool is_cut(std::string_view text) {
  if (text.front() == ',' || text.front() == ';' || text.front() == '#') {
    return true;
  }
  for (const std::string_view mark : {"extension", "extn", "ext", "p", "w", "x"}) {
    if (starts_with_ignoring_case(text, mark)) {
      return text.size() == mark.size() || !is_ascii_letter(text[mark.size()]);
    }
  }
  return false;
}

/// Where the number ends: at the first cut behind a digit.
std::size_t end_of_number(std::string_view text) {
  bool after_digit = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    after_digit = after_digit || is_ascii_digit(text[i]);
    const bool inside_word = i > 0 && is_ascii_letter(text[i - 1]) && is_ascii_letter(text[i]);
    if (after_digit && !inside_word && is_cut(text.substr(i))) {
      return i;
    }
  }
  return text.size();
}

bool in_number(char c) {
  return is_ascii_digit(c) || std::string_view("+()[]-./ ").find(c) != std::string_view::npos;
}

/// Without quotes, dashes and the like around it: spreadsheets put them there.
std::string_view without_frame(std::string_view text) {
  const auto first = std::find_if(
      text.begin(), text.end(), [](char c) { return is_ascii_digit(c) || c == '+' || c == '(' || c == '['; });
  const auto last = std::find_if(text.rbegin(), text.rend(),
                                 [](char c) { return is_ascii_digit(c) || c == ')' || c == ']'; });
  return first < last.base() ? std::string_view(first, last.base()) : std::string_view();
}

std::string second_number(std::string_view tail) {
  tail = trimmed(tail);
  return tail.starts_with('+') || tail.starts_with('0') ? std::string(tail.substr(0, end_of_number(tail)))
                                                        : std::string();
}

}  // namespace

DialString read_dial_string(std::string_view raw) {
  const auto reject = [](RejectReason reason) { return DialString{{}, {}, reason}; };
  if (raw.size() > kMaxRawNumber) {
    return reject(RejectReason::kTooLong);
  }
  const std::string text = without_remarks(to_ascii(without_uri(raw)));
  const std::string_view whole = trimmed(text);
  if (whole.empty()) {
    return reject(RejectReason::kEmpty);
  }
  const std::size_t end = end_of_number(whole);
  const std::string_view kept = whole.substr(0, end);
  if (kept.front() == '#' || kept.find('*') != std::string_view::npos) {
    return reject(RejectReason::kServiceCode);
  }
  if (has_letter(kept)) {
    return reject(RejectReason::kLetters);
  }
  const std::string_view number = without_frame(kept);
  if (std::none_of(number.begin(), number.end(), is_ascii_digit)) {
    return reject(RejectReason::kNotANumber);
  }
  if (!std::all_of(number.begin(), number.end(), in_number)) {
    return reject(RejectReason::kCharacters);
  }
  DialString out{std::string(number), {}, std::nullopt};
  if (end < whole.size() && (whole[end] == ',' || whole[end] == ';')) {
    out.second = second_number(whole.substr(end + 1));
  }
  return out;
}

}  // namespace blindbook::contact
