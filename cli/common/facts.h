#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "blindbook/base/types.h"

namespace blindbook::cli {

/// A probability: in text as a power of two, in JSON as a number.
struct Likelihood {
  double value;
  double log2;  ///< of the value; minus infinity for 0
};

/// What a command found out, in order: shown as lines of "name  value" or as a JSON object with the same
/// names.
class Facts {
 public:
  Facts& add(std::string name, std::string value);
  Facts& add(std::string name, const char* value) { return add(std::move(name), std::string(value)); }
  Facts& add(std::string name, std::string_view value) { return add(std::move(name), std::string(value)); }
  /// A number, or yes and no for a bool.
  template <std::unsigned_integral Number>
  Facts& add(std::string name, Number value) {
    if constexpr (std::same_as<Number, bool>) {
      return add_value(std::move(name), value);
    } else {
      return add_value(std::move(name), std::uint64_t{value});
    }
  }
  /// In text with three digits.
  Facts& add(std::string name, double value) { return add_value(std::move(name), value); }
  Facts& add(std::string name, Likelihood value) { return add_value(std::move(name), value); }
  /// In text as a date, in JSON as Unix seconds.
  Facts& add(std::string name, UnixTime value);
  /// Indented in text, an object in JSON.
  Facts& add(std::string name, Facts value);
  /// In JSON an array, also of none; in text one line or block each, or "none".
  /// @{
  Facts& add(std::string name, std::vector<Facts> values);
  Facts& add(std::string name, std::vector<std::string> values);
  /// @}

  /// Rows with the same names, each value a plain one: in JSON an array of objects, in text a table. `rows`
  /// is not empty.
  Facts& add_table(std::string name, std::vector<Facts> rows);

  [[nodiscard]] std::string text() const;
  /// One object, its first member "schema"; no control or bidi character stands in it unescaped.
  [[nodiscard]] std::string json(const std::string& schema) const;

 private:
  friend struct FactsJson;
  friend struct FactsText;
  using Value = std::variant<std::string, std::uint64_t, bool, double, Likelihood, UnixTime,
                             std::vector<Facts>, std::vector<std::string>>;
  enum class Shape { kOne, kList, kTable };  // of Facts: one object, an array, an array shown as a table
  struct Fact {
    std::string name;
    Value value;
    Shape shape;
  };
  Facts& add_value(std::string name, Value value, Shape shape = Shape::kOne);
  std::vector<Fact> facts_;
};

/// "2^-36.1"; "0" for nothing.
[[nodiscard]] std::string likelihood_text(Likelihood value);

}  // namespace blindbook::cli
