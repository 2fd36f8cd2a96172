// Subscriber lists as JSON lines.
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

}  // namespace

void run(ByteView input) {
  const ReadSubscribers read = read_json_lines(text_of(input));
  require(read.has_header, "JSON lines need no header");
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
