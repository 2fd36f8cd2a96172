#include "cli/common/table.h"

#include <algorithm>
#include <clocale>
#include <cwchar>

#include "blindbook/base/printable.h"
#include "blindbook/base/utf8.h"

namespace blindbook::cli {
namespace {

/// wcwidth() knows Unicode in a UTF-8 locale only, whatever the user's locale is: this thread's is changed
/// for a while.
class Utf8Locale {
 public:
  Utf8Locale() : previous_(::uselocale(shared())) {}
  ~Utf8Locale() { ::uselocale(previous_); }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  static ::locale_t shared() {
    static const ::locale_t made = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return made;  // nullptr where there is no such locale: uselocale() then changes nothing
  }
  ::locale_t previous_;
};

}  // namespace

std::size_t display_width(std::string_view text) {
  const Utf8Locale locale;
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint point = next_code_point(text);
    text.remove_prefix(point.size);
    const int cells = ::wcwidth(static_cast<wchar_t>(point.value));
    width += cells < 0 ? 1 : static_cast<std::size_t>(cells);
  }
  return width;
}

Table::Table(std::vector<std::string> heading) : has_heading_(!heading.empty()) {
  if (has_heading_) {
    add(std::move(heading));
  }
}

void Table::add(std::vector<std::string> row) {
  std::ranges::transform(row, row.begin(), [](const std::string& cell) { return printable(cell); });
  rows_.push_back(std::move(row));
}

std::string Table::text(std::string_view indent) const {
  if (rows_.size() <= (has_heading_ ? 1U : 0U)) {
    return {};
  }
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  std::string out;
  for (const auto& row : rows_) {
    std::string line(indent);
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) {
        line.append(widths[i] - display_width(row[i]) + 2, ' ');
      }
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace blindbook::cli
