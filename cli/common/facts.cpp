#include "cli/common/facts.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <iterator>

#include <nlohmann/json.hpp>

#include "blindbook/base/printable.h"

#include "cli/common/json_text.h"
#include "cli/common/table.h"
#include "cli/common/text.h"

namespace blindbook::cli {
namespace {

std::string formatted(const char* format, double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

}  // namespace

std::string likelihood_text(Likelihood value) {
  return std::isinf(value.log2) ? "0" : formatted("2^%.1f", value.log2);
}

struct FactsJson {
  static nlohmann::ordered_json of(const Facts& facts) {
    auto out = nlohmann::ordered_json::object();
    for (const Facts::Fact& fact : facts.facts_) {
      out[fact.name] = std::visit([&fact](const auto& value) { return of(value, fact.shape); }, fact.value);
    }
    return out;
  }

 private:
  static nlohmann::ordered_json of(const std::vector<Facts>& values, Facts::Shape shape) {
    if (shape == Facts::Shape::kOne) {
      return of(values.front());
    }
    auto out = nlohmann::ordered_json::array();
    for (const Facts& value : values) {
      out.push_back(of(value));
    }
    return out;
  }
  static nlohmann::ordered_json of(UnixTime value, Facts::Shape) { return value.value(); }
  static nlohmann::ordered_json of(Likelihood value, Facts::Shape) { return value.value; }
  template <class Plain>
  static nlohmann::ordered_json of(const Plain& value, Facts::Shape) {
    return value;
  }
};

/// Lines of name and value; the values of one level begin in one column.
struct FactsText {
  static std::string of(const Facts& facts, std::size_t depth) {
    std::size_t width = 0;
    for (const Facts::Fact& fact : facts.facts_) {
      width = std::max(width, fact.name.size());
    }
    std::string out;
    for (const Facts::Fact& fact : facts.facts_) {
      std::string name(2 * depth, ' ');
      std::ranges::replace_copy(fact.name, std::back_inserter(name), '_', ' ');
      const std::string column = name + std::string(width - fact.name.size() + 2, ' ');
      if (fact.shape == Facts::Shape::kTable) {
        out += name + "\n" + table(std::get<std::vector<Facts>>(fact.value), depth + 1);
        continue;
      }
      out += std::visit([&](const auto& value) { return lines(name, column, value, depth); }, fact.value);
    }
    return out;
  }

 private:
  static std::string table(const std::vector<Facts>& rows, std::size_t depth) {
    std::vector<std::string> heading;
    for (const Facts::Fact& fact : rows.front().facts_) {
      std::string& column = heading.emplace_back();
      std::ranges::transform(fact.name, std::back_inserter(column),
                             [](char c) { return c == '_' ? ' ' : static_cast<char>(std::toupper(c)); });
    }
    Table out(std::move(heading));
    for (const Facts& row : rows) {
      std::vector<std::string> cells;
      for (const Facts::Fact& fact : row.facts_) {
        cells.push_back(std::visit([](const auto& value) { return words(value); }, fact.value));
      }
      out.add(std::move(cells));
    }
    return out.text(std::string(2 * depth, ' '));
  }
  static std::string words(const std::vector<Facts>&) { return {}; }
  static std::string words(const std::vector<std::string>&) { return {}; }
  static std::string lines(const std::string& name, const std::string& column,
                           const std::vector<Facts>& values, std::size_t depth) {
    std::string out;
    for (const Facts& value : values) {
      out += name + "\n" + of(value, depth + 1);
    }
    return values.empty() ? column + "none\n" : out;
  }
  static std::string lines(const std::string&, const std::string& column,
                           const std::vector<std::string>& values, std::size_t) {
    std::string out;
    for (const std::string& value : values) {
      out += column + printable(value) + "\n";
    }
    return values.empty() ? column + "none\n" : out;
  }
  template <class Plain>
  static std::string lines(const std::string&, const std::string& column, const Plain& value, std::size_t) {
    return column + words(value) + "\n";
  }
  static std::string words(const std::string& value) { return printable(value); }
  static std::string words(std::uint64_t value) { return grouped(value); }
  static std::string words(bool value) { return value ? "yes" : "no"; }
  static std::string words(double value) { return formatted("%.3g", value); }
  static std::string words(Likelihood value) { return likelihood_text(value); }
  static std::string words(UnixTime value) { return time_text(value); }
};

Facts& Facts::add_value(std::string name, Value value, Shape shape) {
  facts_.push_back({std::move(name), std::move(value), shape});
  return *this;
}

Facts& Facts::add(std::string name, std::string value) {
  return add_value(std::move(name), std::move(value));
}

Facts& Facts::add(std::string name, UnixTime value) {
  return add_value(std::move(name), value);
}

Facts& Facts::add(std::string name, Facts value) {
  std::vector<Facts> one;
  one.push_back(std::move(value));
  return add_value(std::move(name), std::move(one));
}

Facts& Facts::add(std::string name, std::vector<Facts> values) {
  return add_value(std::move(name), std::move(values), Shape::kList);
}

Facts& Facts::add(std::string name, std::vector<std::string> values) {
  return add_value(std::move(name), std::move(values), Shape::kList);
}

Facts& Facts::add_table(std::string name, std::vector<Facts> rows) {
  return add_value(std::move(name), std::move(rows), Shape::kTable);
}

std::string Facts::text() const {
  return FactsText::of(*this, 0);
}

std::string Facts::json(const std::string& schema) const {
  auto out = nlohmann::ordered_json::object();
  out["schema"] = schema;
  out.update(FactsJson::of(*this));
  return json_text(out);
}

}  // namespace blindbook::cli
