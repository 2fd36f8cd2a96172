#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace blindbook::protocol {

/// Watches a text while nlohmann/json reads it, and stops at the first thing that is not strict. Who wants the
/// values without a tree of them derives from this, and calls what it overrides.
class StrictJsonEvents : public nlohmann::json_sax<nlohmann::json> {
 public:
  /// "json.syntax" and the like; empty as long as the text is strict.
  [[nodiscard]] std::string_view broken_rule() const noexcept { return broken_rule_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return refuse("json.float"); }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return refuse("json.syntax"); }
  bool start_object(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    return keys_.back().insert(name).second || refuse("json.duplicate-key");
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
    return refuse("json.syntax");
  }

 protected:
  /// Objects and arrays that are open.
  [[nodiscard]] std::size_t depth() const noexcept { return keys_.size(); }

 private:
  static constexpr std::size_t kMaxDepth = 16;

  bool refuse(std::string_view rule) {
    broken_rule_ = rule;
    return false;
  }
  bool open() {
    keys_.emplace_back();
    return keys_.size() <= kMaxDepth || refuse("json.depth");
  }
  bool close() {
    keys_.pop_back();
    return true;
  }

  std::string_view broken_rule_;
  std::vector<std::set<std::string>> keys_;  // of every object that is open
};

}  // namespace blindbook::protocol
