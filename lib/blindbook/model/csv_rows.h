#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

/// The data files of this folder, taken apart: no value is quoted, and the last of a line may hold commas. They are our
/// own, and tests hold them to this form.
namespace blindbook::model {

/// What stands before `end`, which is taken off `text` with it; all of it where there is none.
[[nodiscard]] inline std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view out = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return out;
}

/// The next value of `line`, a number; 0 where it is none.
[[nodiscard]] inline std::uint64_t take_number(std::string_view& line) {
  const std::string_view digits = take_until(line, ',');
  std::uint64_t out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

/// Calls `use` with each line of `text` but the header.
template <class Use>
void for_each_row(std::string_view text, Use use) {
  static_cast<void>(take_until(text, '\n'));
  while (!text.empty()) {
    use(take_until(text, '\n'));
  }
}

}  // namespace blindbook::model
