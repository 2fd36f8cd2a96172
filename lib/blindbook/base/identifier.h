#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"

namespace blindbook {

/// What is matched: a canonical phone number `tel:+E164`, ASCII, ^tel:\+[1-9][0-9]{6,14}$. Syntax only:
/// whether the number can exist is decided by the normaliser. Not streamable, so that no log line prints one
/// by accident.
class Identifier {
 public:
  /// From "tel:+4930..."; anything else is BadInput "identifier.syntax".
  [[nodiscard]] static Result<Identifier> parse(std::string_view text);
  /// From "+4930...", the E.164 form without the scheme; errors as parse().
  [[nodiscard]] static Result<Identifier> from_e164(std::string_view e164);

  /// The OPRF's input, "tel:+4930...".
  [[nodiscard]] ByteView bytes() const noexcept { return bytes_of(text_); }
  /// "tel:+4930...".
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// "+4930...".
  [[nodiscard]] std::string_view e164() const noexcept { return std::string_view(text_).substr(4); }

  friend auto operator<=>(const Identifier&, const Identifier&) noexcept = default;

 private:
  explicit Identifier(std::string text) noexcept : text_(std::move(text)) {}
  std::string text_;
};

struct IdentifierHash {
  [[nodiscard]] std::size_t operator()(const Identifier& identifier) const noexcept {
    return std::hash<std::string>{}(identifier.text());
  }
};

}  // namespace blindbook
