#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace blindbook::contact {

/// What a numbering plan allows in front of a national number, written as libphonenumber's metadata writes
/// it: a regular expression of digits, \d, [..], groups, |, ?, *, +, {..} and $, such as "0|80?" or
/// "0(1\d)?". Kept to answer one question without a regular expression engine: can it take anything off a
/// number?
///
/// Immutable; safe from several threads.
class PrefixPattern {
 public:
  /// Never fails: an expression with anything else in it (look-ahead, anchors, lazy quantifiers, ..) may
  /// match whatever it likes. The empty one matches nothing.
  explicit PrefixPattern(std::string_view expression);

  /// False only when no match that begins at the first of `digits` is longer than nothing, whichever of its
  /// matches an engine would prefer. `digits`: ASCII digits, at most kMaxDigits; else true.
  [[nodiscard]] bool may_take_from(std::string_view digits) const noexcept;

  static constexpr std::size_t kMaxDigits = 31;

 private:
  /// A set of positions in the digits, one bit each: where matches may stand.
  using Positions = std::uint32_t;

  struct Node {
    enum class Kind : std::uint8_t { kDigit, kEnd, kSequence, kChoice, kRepeat };
    Kind kind = Kind::kSequence;
    std::uint16_t digits = 0;   // kDigit: bit d when it matches the digit d
    std::size_t at_least = 0;   // kRepeat
    std::size_t at_most = 0;    // kRepeat
    std::vector<Node> parts{};  // kRepeat: one
  };
  class Reader;

  static Positions ends(const Node& node, std::string_view digits, Positions starts) noexcept;
  static Positions ends_of_repeat(const Node& node, std::string_view digits, Positions starts) noexcept;

  Node root_;
  bool readable_ = true;
};

}  // namespace blindbook::contact
