#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "blindbook/base/bytes.h"

namespace blindbook::service {

/// The text of an identifier, "tel:+" and at most 15 digits, without the heap: a list has millions of them.
class IdentifierText {
 public:
  /// `number`: E.164 digits read as an integer.
  explicit IdentifierText(std::uint64_t number) noexcept {
    constexpr std::string_view kBegin = "tel:+";
    char* const digits = std::copy(kBegin.begin(), kBegin.end(), text_.data());
    size_ = static_cast<std::size_t>(std::to_chars(digits, text_.data() + text_.size(), number).ptr -
                                     text_.data());
  }
  [[nodiscard]] ByteView bytes() const noexcept { return bytes_of({text_.data(), size_}); }

 private:
  std::array<char, 20> text_;
  std::size_t size_;
};

}  // namespace blindbook::service
