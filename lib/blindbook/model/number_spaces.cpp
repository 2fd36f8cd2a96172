#include <charconv>
#include <vector>

#include "blindbook/model/number_spaces_text.h"
#include "blindbook/model/sweep.h"

namespace blindbook::model {
namespace {

std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view out = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return out;
}

/// Four columns; the last may hold commas, none is quoted. Our own file, which a test holds to this form.
std::vector<NumberSpace> parse(std::string_view text) {
  std::vector<NumberSpace> out;
  static_cast<void>(take_until(text, '\n'));  // the header
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    NumberSpace row{};
    row.country = take_until(line, ',');
    const std::string_view numbers = take_until(line, ',');
    std::from_chars(numbers.data(), numbers.data() + numbers.size(), row.numbers);
    row.basis = take_until(line, ',');
    row.source = line;
    out.push_back(row);
  }
  return out;
}

}  // namespace

std::span<const NumberSpace> number_spaces() {
  static const std::vector<NumberSpace> kRows = parse(number_spaces_text());
  return kRows;
}

}  // namespace blindbook::model
