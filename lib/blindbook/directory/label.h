#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "blindbook/base/error.h"

namespace blindbook::directory {

/// True when `text` may be a label: UTF-8 (RFC 3629) without characters that steer a terminal or turn the
/// text around (is_control_or_bidi() in base/utf8.h). The empty text qualifies.
[[nodiscard]] bool is_valid_label(std::string_view text) noexcept;

/// What all labels of an epoch share, "@{}:city.example": stripped before a label is sealed, filled in again
/// after it is opened. The default one is the empty template, which changes nothing.
class LabelTemplate {
 public:
  LabelTemplate() = default;
  /// `text` is empty, or a valid label of at most 255 bytes in which "{}" stands exactly once; else BadInput
  /// "label.template".
  [[nodiscard]] static Result<LabelTemplate> parse(std::string_view text);

  /// What stands in `label` in the place of "{}", a part of it; nothing when the label does not match.
  [[nodiscard]] std::optional<std::string_view> strip(std::string_view label) const noexcept;
  /// The label that strips to `stripped`.
  [[nodiscard]] std::string fill(std::string_view stripped) const;

  /// As given to parse().
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::string before_;
  std::string after_;
};

}  // namespace blindbook::directory
