#include "blindbook/contact/prefix_pattern.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "blindbook/contact/ascii.h"

namespace blindbook::contact {

namespace {

constexpr std::uint16_t kAnyDigit = 0x3FF;

std::uint16_t bit_of(char digit) {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(digit - '0'));
}

}  // namespace

/// Reads an expression by recursive descent. Whatever is not known to it makes it give up.
class PrefixPattern::Reader {
 public:
  explicit Reader(std::string_view expression) : rest_(expression) {}

  std::optional<Node> read() {
    std::optional<Node> whole = choice(0);
    return rest_.empty() ? whole : std::nullopt;
  }

 private:
  static constexpr int kMaxDepth =
      32;  // metadata comes with the library; still no input may exhaust the stack

  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) {
      return false;
    }
    rest_.remove_prefix(token.size());
    return true;
  }

  std::optional<Node> choice(int depth) {
    Node out{.kind = Node::Kind::kChoice};
    do {
      std::optional<Node> part = sequence(depth);
      if (!part) {
        return std::nullopt;
      }
      out.parts.push_back(*std::move(part));
    } while (take("|"));
    return out.parts.size() == 1 ? std::move(out.parts.front()) : std::move(out);
  }

  std::optional<Node> sequence(int depth) {
    Node out{.kind = Node::Kind::kSequence};
    while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      std::optional<Node> part = atom(depth);
      if (!part || !quantify(*part)) {
        return std::nullopt;
      }
      out.parts.push_back(*std::move(part));
    }
    return out.parts.size() == 1 ? std::move(out.parts.front()) : std::move(out);
  }

  std::optional<Node> atom(int depth) {
    if (take("$")) {
      return Node{.kind = Node::Kind::kEnd};
    }
    if (take("(")) {
      if (depth == kMaxDepth || (rest_.starts_with('?') && !take("?:"))) {
        return std::nullopt;
      }
      std::optional<Node> inner = choice(depth + 1);
      return take(")") ? inner : std::nullopt;
    }
    const std::uint16_t digits = take("[") ? digit_class() : digit_or_any();
    return digits != 0 ? std::optional(Node{.kind = Node::Kind::kDigit, .digits = digits}) : std::nullopt;
  }

  /// 0 when there is none.
  std::uint16_t digit_or_any() {
    if (take("\\d")) {
      return kAnyDigit;
    }
    if (rest_.empty() || !is_ascii_digit(rest_.front())) {
      return 0;
    }
    const std::uint16_t out = bit_of(rest_.front());
    rest_.remove_prefix(1);
    return out;
  }

  /// The inside of [..], and its end; 0 when it holds anything but digits and ranges of digits.
  std::uint16_t digit_class() {
    std::uint16_t out = 0;
    while (!take("]")) {
      const char first = rest_.empty() ? '\0' : rest_.front();
      const std::uint16_t one = digit_or_any();
      if (one == 0) {
        return 0;
      }
      out |= one;
      if (take("-")) {
        const char last = rest_.empty() ? '\0' : rest_.front();
        if (!is_ascii_digit(first) || !is_ascii_digit(last) || last < first) {
          return 0;
        }
        for (char c = first; c <= last; ++c) {
          out |= bit_of(c);
        }
        rest_.remove_prefix(1);
      }
    }
    return out;
  }

  /// Wraps `part` by the quantifier behind it, if there is one; false when that cannot be read.
  bool quantify(Node& part) {
    std::size_t at_least = 0;
    std::size_t at_most = kMaxDigits;  // more cannot match
    if (take("?")) {
      at_most = 1;
    } else if (take("+")) {
      at_least = 1;
    } else if (take("{")) {
      const std::optional<std::size_t> first = count();
      if (!first) {
        return false;
      }
      at_least = *first;
      if (!take(",")) {
        at_most = *first;
      } else if (!rest_.starts_with('}')) {
        const std::optional<std::size_t> second = count();
        if (!second || *second < at_least) {
          return false;
        }
        at_most = *second;
      }
      if (!take("}")) {
        return false;
      }
    } else if (!take("*")) {
      return true;
    }
    part = Node{.kind = Node::Kind::kRepeat,
                .at_least = at_least,
                .at_most = at_most,
                .parts = {std::exchange(part, Node{})}};
    // A second quantifier would make this one lazy or possessive.
    return rest_.empty() || std::string_view("?*+{").find(rest_.front()) == std::string_view::npos;
  }

  std::optional<std::size_t> count() {
    std::size_t out = 0;
    std::size_t size = 0;
    for (; size < rest_.size() && is_ascii_digit(rest_[size]); ++size) {
      out = out * 10 + static_cast<std::size_t>(rest_[size] - '0');
      if (out > kMaxDigits) {
        return std::nullopt;
      }
    }
    rest_.remove_prefix(size);
    return size > 0 ? std::optional(out) : std::nullopt;
  }

  std::string_view rest_;
};

PrefixPattern::PrefixPattern(std::string_view expression) {
  if (std::optional<Node> root = Reader(expression).read()) {
    root_ = *std::move(root);
  } else {
    readable_ = false;
  }
}

bool PrefixPattern::may_take_from(std::string_view digits) const noexcept {
  constexpr Positions kStart = 1;
  return !readable_ || digits.size() > kMaxDigits || (ends(root_, digits, kStart) & ~kStart) != 0;
}

PrefixPattern::Positions PrefixPattern::ends(const Node& node, std::string_view digits,
                                             Positions starts) noexcept {
  Positions out = 0;
  switch (node.kind) {
    case Node::Kind::kDigit:
      for (std::size_t i = 0; i < digits.size(); ++i) {
        if ((starts >> i & 1U) != 0 && (node.digits & bit_of(digits[i])) != 0) {
          out |= Positions{2} << i;
        }
      }
      return out;
    case Node::Kind::kEnd:
      return starts & Positions{1} << digits.size();
    case Node::Kind::kSequence:
      for (const Node& part : node.parts) {
        if (starts == 0) {
          break;
        }
        starts = ends(part, digits, starts);
      }
      return starts;
    case Node::Kind::kChoice:
      for (const Node& part : node.parts) {
        out |= ends(part, digits, starts);
      }
      return out;
    case Node::Kind::kRepeat:
      return ends_of_repeat(node, digits, starts);
  }
  return out;
}

PrefixPattern::Positions PrefixPattern::ends_of_repeat(const Node& node, std::string_view digits,
                                                       Positions starts) noexcept {
  const Node& part = node.parts.front();
  std::size_t times = 0;
  for (; times < node.at_least && starts != 0; ++times) {
    starts = ends(part, digits, starts);
  }
  Positions out = starts;
  for (; times < node.at_most && starts != 0; ++times) {
    starts = ends(part, digits, starts);
    out |= starts;
  }
  return out;
}

}  // namespace blindbook::contact
