#include "blindbook/directory/label.h"

#include <algorithm>
#include <cstddef>

#include "blindbook/base/utf8.h"
#include "blindbook/directory/header.h"

namespace blindbook::directory {
namespace {

constexpr std::string_view kPlace = "{}";

/// A printable character of ASCII, as nearly all of nearly every label is.
constexpr bool is_plain(char c) noexcept {
  return c >= ' ' && c <= '~';
}

}  // namespace

bool is_valid_label(std::string_view text) noexcept {
  while (true) {
    const auto plain = std::find_if_not(text.begin(), text.end(), is_plain) - text.begin();
    text.remove_prefix(static_cast<std::size_t>(plain));
    if (text.empty()) {
      return true;
    }
    const CodePoint next = next_code_point(text);
    if (!next.valid || is_control_or_bidi(next.value)) {
      return false;
    }
    text.remove_prefix(next.size);
  }
}

Result<LabelTemplate> LabelTemplate::parse(std::string_view text) {
  LabelTemplate out;
  if (text.empty()) {
    return out;
  }
  const std::size_t place = text.find(kPlace);
  if (place == std::string_view::npos || text.find(kPlace, place + kPlace.size()) != std::string_view::npos) {
    return bad_input(
        "label.template", "a label template holds {} exactly once",
        "write the label of a subscriber with {} in place of what differs, such as @{}:city.example");
  }
  if (text.size() > kMaxTemplateBytes) {
    return bad_input("label.template", "the label template is longer than 255 bytes");
  }
  if (!is_valid_label(text)) {
    return bad_input("label.template", "the label template is not UTF-8 or holds control characters");
  }
  out.text_ = text;
  out.before_ = text.substr(0, place);
  out.after_ = text.substr(place + kPlace.size());
  return out;
}

std::optional<std::string_view> LabelTemplate::strip(std::string_view label) const noexcept {
  if (label.size() < before_.size() + after_.size() || !label.starts_with(before_) ||
      !label.ends_with(after_)) {
    return std::nullopt;
  }
  return label.substr(before_.size(), label.size() - before_.size() - after_.size());
}

std::string LabelTemplate::fill(std::string_view stripped) const {
  std::string label;
  label.reserve(before_.size() + stripped.size() + after_.size());
  return label.append(before_).append(stripped).append(after_);
}

}  // namespace blindbook::directory
