// Subscriber lists as JSON lines.
#include <sstream>

#include <nlohmann/json.hpp>

#include "blindbook/protocol/strict_json.h"

#include "tests/fuzz/subscribers.h"

namespace blindbook::fuzz {
namespace {

bool is_one_line(const std::string& text) {
  return text.find_first_of("\r\n") == std::string::npos;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    out.append(c == '"' ? 2 : 1, c);
  }
  return out.append("\"");
}

bool is_string(const nlohmann::json& object, const char* name) {
  return object.contains(name) && object[name].is_string();
}

/// That `row` is what a tree of the line's values says, where the product keeps none.
void require_as_parsed(const std::string& line, const service::SubscriberRow& row) {
  const auto parsed = protocol::parse_strict_json(line, std::size_t{64} << 10);
  const bool has_number = parsed && parsed->is_object() && is_string(*parsed, "number");
  require(row.number == (has_number ? (*parsed)["number"].get<std::string>() : ""), "a number is kept");
  if (!has_number || !is_string(*parsed, "label") || !parsed->contains("discoverable")) {
    require(row.fault == "json", "a line without its three members is refused");
    return;
  }
  const nlohmann::json& discoverable = (*parsed)["discoverable"];
  if (!discoverable.is_string()) {
    const bool known = discoverable.is_boolean() ||
                       (discoverable.is_number_unsigned() && discoverable.get<std::uint64_t>() <= 1);
    require(row.fault == (known ? "" : "discoverable-value"), "discoverable is yes or no");
    require(!known || row.discoverable == (discoverable == true || discoverable == 1U), "yes is yes");
  }
  require(!row.fault.empty() || row.label == (*parsed)["label"].get<std::string>(), "a label is kept");
}

/// `content` line by line, each compared with the row of its number, if there is one.
void require_rows_as_parsed(std::string_view content, const std::vector<service::SubscriberRow>& rows) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (content.starts_with(kByteOrderMark)) {
    content.remove_prefix(kByteOrderMark.size());
  }
  std::istringstream lines{std::string(content)};
  auto row = rows.begin();
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (row != rows.end() && row->line == number) {
      require_as_parsed(line, *row);
      ++row;
    } else {
      require(line.find_first_not_of(" \t\r") == std::string::npos, "no line is passed over");
    }
  }
  require(row == rows.end(), "every row has its line");
}

}  // namespace

void run(ByteView input) {
  const ReadSubscribers read = read_json_lines(text_of(input));
  require(read.has_header, "JSON lines need no header");
  require_rows_as_parsed(text_of(input), read.rows);
  std::string as_csv = "label,discoverable,number\n";
  std::vector<const service::SubscriberRow*> written;
  for (const service::SubscriberRow& row : read.rows) {
    require(row.fault.empty() || row.fault == "json" || row.fault == "discoverable-value",
            "a line of JSON is refused for its JSON");
    if (row.fault.empty() && is_one_line(row.number) && is_one_line(row.label)) {  // as every row of CSV is
      written.push_back(&row);
      as_csv.append(quoted(row.label))
          .append(row.discoverable ? ",Yes," : ",,")
          .append(quoted(row.number))
          .append("\n");
    }
  }
  const ReadSubscribers again = read_csv(as_csv);
  require(again.has_header && again.rows.size() == written.size(), "rows survive being written as CSV");
  for (std::size_t i = 0; i < written.size(); ++i) {
    const service::SubscriberRow& row = again.rows[i];
    require(row.fault.empty() && row.number == written[i]->number && row.label == written[i]->label &&
                row.discoverable == written[i]->discoverable,
            "a row survives being written as CSV");
  }
}

}  // namespace blindbook::fuzz
