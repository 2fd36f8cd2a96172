#pragma once

#include <memory>
#include <optional>
#include <string>

#include "blindbook/base/error.h"
#include "blindbook/service/sources/preset.h"
#include "blindbook/service/subscriber_source.h"

namespace blindbook::service {

/// Where the subscribers are, and where it says who of them agreed.
struct SourceRequest {
  /// "-" or "csv:FILE" is CSV, "jsonl:FILE" JSON lines, FILE the one or the other as it ends in .jsonl or not, where FILE
  /// "-" is the standard input; "sqlite:FILE"; "postgres:CONNECTION" or a URI that begins with postgres:// or
  /// postgresql://.
  std::string source;
  std::optional<std::string> query = {};    ///< of a database: its columns are number, label and discoverable
  std::optional<SourcePreset> preset = {};  ///< in its place
  std::optional<std::string> xmpp_host = {};     ///< of a preset
  std::optional<std::string> opt_in_list = {};   ///< a file of labels: read_opt_in_list()
  std::optional<std::string> opt_in_query = {};  ///< of the same database: its one column holds labels
};

/// What a person may be shown of it: without what a connection string holds.
[[nodiscard]] std::string name_of_source(const std::string& source);

/// BadInput "source.request" when its parts do not go together, "source.consent" when a preset comes without an opt-in list
/// or query, and the errors of open_csv_source(), open_json_lines_source(), connect_sqlite(), connect_postgres(), query_of()
/// and read_opt_in_list().
[[nodiscard]] Result<std::unique_ptr<SubscriberSource>> open_subscriber_source(const SourceRequest& request);

}  // namespace blindbook::service
