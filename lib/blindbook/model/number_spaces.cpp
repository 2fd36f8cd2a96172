#include <vector>

#include "blindbook/model/csv_rows.h"
#include "blindbook/model/data_texts.h"
#include "blindbook/model/sweep.h"

namespace blindbook::model {
namespace {

std::vector<NumberSpace> read_rows() {
  std::vector<NumberSpace> out;
  for_each_row(number_spaces_text(), [&out](std::string_view line) {
    NumberSpace row{};
    row.country = take_until(line, ',');
    row.numbers = take_number(line);
    row.basis = take_until(line, ',');
    row.source = line;
    out.push_back(row);
  });
  return out;
}

}  // namespace

std::span<const NumberSpace> number_spaces() {
  static const std::vector<NumberSpace> kRows = read_rows();
  return kRows;
}

}  // namespace blindbook::model
