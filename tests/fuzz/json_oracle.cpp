#include "tests/fuzz/json_oracle.h"

#include <charconv>
#include <cstdint>
#include <set>
#include <string>

#include "blindbook/base/utf8.h"

namespace blindbook::fuzz {
namespace {

constexpr int kMaxDepth = 16;

/// Recursive descent, one function for each production. The first rule broken stops everything.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : rest_(text) {}

  std::optional<std::string_view> read() {
    skip_space();
    if (value(0)) {
      skip_space();
      if (!rest_.empty()) {
        static_cast<void>(broken("json.syntax"));
      }
    }
    return broken_;
  }

 private:
  [[nodiscard]] bool broken(std::string_view rule) {
    if (!broken_) {
      broken_ = rule;
    }
    return false;
  }
  [[nodiscard]] bool syntax() { return broken("json.syntax"); }

  void skip_space() {
    while (!rest_.empty() && std::string_view(" \t\r\n").find(rest_.front()) != std::string_view::npos) {
      rest_.remove_prefix(1);
    }
  }
  bool accept(std::string_view token) {
    if (!rest_.starts_with(token)) {
      return false;
    }
    rest_.remove_prefix(token.size());
    return true;
  }
  [[nodiscard]] char front() const { return rest_.empty() ? '\0' : rest_.front(); }
  std::size_t skip_digits() {
    std::size_t count = 0;
    while (!rest_.empty() && front() >= '0' && front() <= '9') {
      rest_.remove_prefix(1);
      ++count;
    }
    return count;
  }

  [[nodiscard]] bool value(int depth) {
    if (accept("null") || accept("true") || accept("false")) {
      return true;
    }
    switch (front()) {
      case '{':
        return object(depth + 1);
      case '[':
        return array(depth + 1);
      case '"': {
        std::string ignored;
        return string(ignored);
      }
      default:
        return number();
    }
  }

  [[nodiscard]] bool object(int depth) {
    rest_.remove_prefix(1);
    if (depth > kMaxDepth) {
      return broken("json.depth");
    }
    std::set<std::string> keys;
    skip_space();
    if (accept("}")) {
      return true;
    }
    for (;;) {
      skip_space();
      std::string key;
      if (front() != '"') {
        return syntax();
      }
      if (!string(key)) {
        return false;
      }
      if (!keys.insert(key).second) {
        return broken("json.duplicate-key");
      }
      skip_space();
      if (!accept(":")) {
        return syntax();
      }
      skip_space();
      if (!value(depth)) {
        return false;
      }
      skip_space();
      if (accept("}")) {
        return true;
      }
      if (!accept(",")) {
        return syntax();
      }
    }
  }

  [[nodiscard]] bool array(int depth) {
    rest_.remove_prefix(1);
    if (depth > kMaxDepth) {
      return broken("json.depth");
    }
    skip_space();
    if (accept("]")) {
      return true;
    }
    for (;;) {
      skip_space();
      if (!value(depth)) {
        return false;
      }
      skip_space();
      if (accept("]")) {
        return true;
      }
      if (!accept(",")) {
        return syntax();
      }
    }
  }

  [[nodiscard]] bool string(std::string& out) {
    rest_.remove_prefix(1);
    for (;;) {
      if (rest_.empty() || static_cast<unsigned char>(front()) < 0x20) {
        return syntax();
      }
      const char c = front();
      rest_.remove_prefix(1);
      if (c == '"') {
        return is_valid_utf8(out) || syntax();
      }
      if (c != '\\') {
        out.push_back(c);
      } else if (!escape(out)) {
        return syntax();
      }
    }
  }

  bool escape(std::string& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (const std::size_t at = kNames.find(front()); !rest_.empty() && at != std::string_view::npos) {
      rest_.remove_prefix(1);
      out.push_back(kMeanings[at]);
      return true;
    }
    const std::optional<std::uint32_t> first = accept("u") ? hex4() : std::nullopt;
    if (!first || (*first >= 0xDC00 && *first <= 0xDFFF)) {
      return false;
    }
    if (*first < 0xD800 || *first > 0xDFFF) {
      append_utf8(out, *first);
      return true;
    }
    const std::optional<std::uint32_t> second = accept("\\u") ? hex4() : std::nullopt;
    if (!second || *second < 0xDC00 || *second > 0xDFFF) {
      return false;
    }
    append_utf8(out, 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00));
    return true;
  }

  std::optional<std::uint32_t> hex4() {
    if (rest_.size() < 4) {
      return std::nullopt;
    }
    std::uint32_t out = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 4, out, 16);
    if (error != std::errc() || end != rest_.data() + 4) {
      return std::nullopt;
    }
    rest_.remove_prefix(4);
    return out;
  }

  [[nodiscard]] bool number() {
    const std::string_view before = rest_;
    const bool negative = accept("-");
    const bool zero = front() == '0' && !rest_.empty();
    if (const std::size_t digits = zero ? (rest_.remove_prefix(1), 1) : skip_digits(); digits == 0) {
      return syntax();
    }
    bool fraction = false;
    if (accept(".")) {
      fraction = true;
      if (skip_digits() == 0) {
        return syntax();
      }
    }
    if (accept("e") || accept("E")) {
      fraction = true;
      static_cast<void>(accept("+") || accept("-"));
      if (skip_digits() == 0) {
        return syntax();
      }
    }
    const std::string_view token = before.substr(0, before.size() - rest_.size());
    return (!fraction && (negative ? fits<std::int64_t>(token) : fits<std::uint64_t>(token))) ||
           broken("json.float");
  }

  template <class Integer>
  static bool fits(std::string_view token) {
    Integer out = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), out);
    return error == std::errc() && end == token.data() + token.size();
  }

  std::string_view rest_;
  std::optional<std::string_view> broken_;
};

}  // namespace

std::optional<std::string_view> broken_json_rule(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return "json.syntax";  // looked for before anything else
  }
  return JsonReader(text).read();
}

}  // namespace blindbook::fuzz
