#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/service/sources/row_text.h"
#include "blindbook/service/subscriber_source.h"

/// Subscribers out of a database, whichever it is: sqlite.h and postgres.h open connections.
namespace blindbook::service {

/// One statement that reads, and the values of its parameters $1, $2, ..
struct SqlQuery {
  std::string text;
  std::vector<std::string> parameters = {};
};

/// The rows of a query, one in memory at a time.
class SqlRows {
 public:
  SqlRows() = default;
  SqlRows(const SqlRows&) = delete;
  SqlRows& operator=(const SqlRows&) = delete;
  virtual ~SqlRows() = default;

  [[nodiscard]] virtual const std::vector<std::string>& columns() const noexcept = 0;
  /// False at the end. Unavailable "source.broken" when the database fails before.
  [[nodiscard]] virtual Result<bool> next() = 0;
  /// Of the row at hand, until the next call of next(); NULL is empty. A boolean is "true" or "false".
  [[nodiscard]] virtual std::string_view text(std::size_t column) const = 0;
};

/// A connection to a database, in one transaction that can only read: all queries see one state of it. Its SqlRows end
/// before it does, and before its next query().
class SqlConnection {
 public:
  SqlConnection() = default;
  SqlConnection(const SqlConnection&) = delete;
  SqlConnection& operator=(const SqlConnection&) = delete;
  virtual ~SqlConnection() = default;

  /// BadInput "source.query" when it is not exactly one statement that reads; Unavailable "source.broken".
  [[nodiscard]] virtual Result<std::unique_ptr<SqlRows>> query(const SqlQuery& query) = 0;
};

/// Rows of `rows`, whose columns number, label and discoverable are found by name, in any order and among others. With
/// `opt_in`, whose one column holds labels, those are discoverable that are so already and whose label is among these.
/// Both are asked for when next() is called for the first time, which gives the errors of SqlConnection::query() and
/// BadInput "source.columns" when a column is missing or named twice, or `opt_in` has more than one.
[[nodiscard]] std::unique_ptr<SubscriberSource> subscribers_of(std::unique_ptr<SqlConnection> connection,
                                                               SqlQuery rows, std::optional<SqlQuery> opt_in,
                                                               DiscoverableColumn discoverable);

}  // namespace blindbook::service
