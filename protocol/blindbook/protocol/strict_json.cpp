#include "blindbook/protocol/strict_json.h"

#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace blindbook::protocol {
namespace {

constexpr std::size_t kMaxDepth = 16;

/// Decides whether a text is strict before a value is built from it. Each callback says whether to go on.
class StrictnessCheck final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::string_view broken_rule() const noexcept { return broken_rule_; }

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

 private:
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

/// As deep as the value, so at most kMaxDepth.
void empty(nlohmann::json& value) noexcept {
  for (nlohmann::json& item : value) {
    if (item.is_structured()) {
      empty(item);
    }
  }
  value.clear();
}

}  // namespace

EmptiedAtEnd::~EmptiedAtEnd() {
  if (value_.is_structured()) {
    empty(value_);
  }
}

Result<nlohmann::json> parse_strict_json(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    return bad_input("json.size", "longer than " + std::to_string(max_bytes) + " bytes");
  }
  // nlohmann/json takes a zero byte for the end of the text, whatever stands behind it. JSON has none
  // anywhere.
  if (text.find('\0') != std::string_view::npos) {
    return bad_input("json.syntax", "not strict JSON (json.syntax)");
  }
  // The parser passes over a byte order mark, which would give one value two texts.
  if (text.starts_with("\xEF\xBB\xBF")) {
    return bad_input("json.syntax", "not strict JSON (a byte order mark)");
  }
  StrictnessCheck check;
  if (!nlohmann::json::sax_parse(text, &check)) {
    return bad_input(check.broken_rule(), "not strict JSON (" + std::string(check.broken_rule()) + ")");
  }
  return nlohmann::json::parse(text);
}

}  // namespace blindbook::protocol
