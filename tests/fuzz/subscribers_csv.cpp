// Subscriber lists as CSV.
#include <nlohmann/json.hpp>

#include "blindbook/base/utf8.h"

#include "tests/fuzz/subscribers.h"

namespace blindbook::fuzz {

void run(ByteView input) {
  const ReadSubscribers read = read_csv(text_of(input));
  std::string as_json;
  std::vector<const service::SubscriberRow*> written;
  for (const service::SubscriberRow& row : read.rows) {
    require(row.fault != "json", "a row of CSV is no bad JSON");
    if (row.fault.empty() && is_valid_utf8(row.number) && is_valid_utf8(row.label)) {
      written.push_back(&row);
      as_json +=
          nlohmann::json{{"number", row.number}, {"label", row.label}, {"discoverable", row.discoverable}}
              .dump()
              .append("\n");
    }
  }
  const ReadSubscribers again = read_json_lines(as_json);
  require(again.rows.size() == written.size(), "rows survive being written as JSON");
  for (std::size_t i = 0; i < written.size(); ++i) {
    const service::SubscriberRow& row = again.rows[i];
    require(row.fault.empty() && row.number == written[i]->number && row.label == written[i]->label &&
                row.discoverable == written[i]->discoverable,
            "a row survives being written as JSON");
  }
}

}  // namespace blindbook::fuzz
