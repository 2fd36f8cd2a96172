#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace blindbook::cli {

/// How many cells of a terminal `text` takes: two for East Asian wide characters, none for combining ones.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// Text in columns, separated by two spaces; every cell goes through printable() first. Columns are as wide
/// as their widest cell, except the last.
class Table {
 public:
  /// The heading, or nothing.
  explicit Table(std::vector<std::string> heading = {});

  void add(std::vector<std::string> row);
  /// Each line begins with `indent` and ends in a line break. Empty when there are no rows.
  [[nodiscard]] std::string text(std::string_view indent) const;

 private:
  std::vector<std::vector<std::string>> rows_;
  bool has_heading_;
};

}  // namespace blindbook::cli
