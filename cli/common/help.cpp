#include "cli/common/help.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace blindbook::cli {
namespace {

/// Two columns, the left one as wide as its widest entry.
class Columns {
 public:
  void add(std::string left, std::string_view right) {
    width_ = std::max(width_, left.size());
    rows_.emplace_back(std::move(left), right);
  }

  [[nodiscard]] std::string text() const {
    std::string out;
    for (const auto& [left, right] : rows_) {
      out += "  " + left + std::string(width_ - left.size() + 2, ' ') + std::string(right) + "\n";
    }
    return out;
  }

 private:
  std::size_t width_ = 0;
  std::vector<std::pair<std::string, std::string_view>> rows_;
};

}  // namespace

std::string overview() {
  Columns columns;
  for (const CommandRow& row : commands()) {
    columns.add(std::string(row.name), row.summary);
  }
  return "usage: blindbook COMMAND [options]\n\n" + columns.text() +
         "\nblindbook COMMAND --help shows its options and an example\n"
         "blindbook --version      shows version, suites and kernels\n";
}

std::string help_for(const CommandRow& command) {
  Columns columns;
  for (const OptionRow& row : options()) {
    if (row.belongs_to(command.command)) {
      columns.add(
          "--" + std::string(row.name) + (row.argument.empty() ? "" : " ") + std::string(row.argument),
          row.help);
    }
  }
  return "usage: blindbook " + std::string(command.name) + " " + std::string(command.usage) + "\n\n" +
         std::string(command.summary) + "\n\n" + columns.text() + "\nexample:\n  " +
         std::string(command.example) + "\n";
}

}  // namespace blindbook::cli
