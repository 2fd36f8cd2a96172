#include "blindbook/service/sources/sql.h"

#include <algorithm>
#include <utility>

#include "blindbook/service/sources/opt_in.h"

namespace blindbook::service {
namespace {

constexpr const char* kColumnsHint =
    "name them: SELECT .. AS number, .. AS label, .. AS discoverable; who agreed may also come from "
    "--opt-in-list or "
    "--opt-in-query";

class SqlSubscribers final : public SubscriberSource {
 public:
  SqlSubscribers(std::unique_ptr<SqlConnection> connection, SqlQuery rows, std::optional<SqlQuery> opt_in,
                 DiscoverableColumn discoverable)
      : connection_(std::move(connection)),
        query_(std::move(rows)),
        opt_in_query_(std::move(opt_in)),
        wanted_(discoverable) {}

  [[nodiscard]] Result<bool> next(SubscriberRow& row) override {
    if (!rows_) {
      if (Result<void> asked = ask(); !asked) {
        return failed(asked);
      }
    }
    Result<bool> there = rows_->next();
    if (there && *there) {
      fill(row);
    }
    return there;
  }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept override { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_total() const noexcept override { return 0; }

 private:
  Result<void> ask() {
    if (opt_in_query_) {
      if (Result<void> read = read_opt_in(); !read) {
        return read;
      }
    }
    Result<std::unique_ptr<SqlRows>> rows = connection_->query(query_);
    if (!rows) {
      return failed(rows);
    }
    const std::vector<std::string>& names = (*rows)->columns();
    const auto number = find(names, kNumberColumn, true);
    const auto label = find(names, kLabelColumn, true);
    const auto discoverable = find(names, kDiscoverableColumn, wanted_ == DiscoverableColumn::kRequired);
    for (const auto* found : {&number, &label, &discoverable}) {
      if (!*found) {
        return tl::unexpected<Error>(found->error());
      }
    }
    number_ = **number;
    label_ = **label;
    discoverable_ = *discoverable;
    rows_ = std::move(*rows);
    return {};
  }

  Result<void> read_opt_in() {
    Result<std::unique_ptr<SqlRows>> rows = connection_->query(*opt_in_query_);
    if (!rows) {
      return failed(rows);
    }
    if ((*rows)->columns().size() != 1) {
      return bad_input("source.columns",
                       "the opt-in query has " + std::to_string((*rows)->columns().size()) + " columns",
                       "it has one, with the labels of those who agreed");
    }
    OptInList list;
    Result<bool> there = (*rows)->next();
    for (; there && *there; there = (*rows)->next()) {
      list.add((*rows)->text(0));
    }
    if (!there) {
      return failed(there);
    }
    list.seal();
    opt_in_ = std::move(list);
    return {};
  }

  static Result<std::optional<std::size_t>> find(const std::vector<std::string>& names,
                                                 std::string_view column, bool required) {
    const auto count = std::count(names.begin(), names.end(), column);
    if (count == 0 && !required) {
      return std::optional<std::size_t>();
    }
    if (count != 1) {
      return bad_input("source.columns", std::string("the query has no single column ").append(column),
                       kColumnsHint);
    }
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), column) - names.begin());
  }

  void fill(SubscriberRow& row) {
    const std::string_view number = rows_->text(number_);
    const std::string_view label = rows_->text(label_);
    const std::string_view discoverable =
        discoverable_ ? rows_->text(*discoverable_) : std::string_view("yes");
    bytes_read_ += number.size() + label.size() + discoverable.size();
    row.line = ++line_;
    row.number.clear();
    if (number.size() + label.size() > kMaxRowBytes) {
      row.fault = "row-size";
      return;
    }
    row.number = number;
    row.label = label;
    const std::optional<bool> said = parse_discoverable(discoverable);
    row.fault = said ? "" : "discoverable-value";
    row.discoverable = said.value_or(false) && (!opt_in_ || opt_in_->contains(row.label));
  }

  std::unique_ptr<SqlConnection> connection_;
  SqlQuery query_;
  std::optional<SqlQuery> opt_in_query_;
  DiscoverableColumn wanted_;
  std::optional<OptInList> opt_in_;
  std::unique_ptr<SqlRows> rows_;  // declared behind the connection, and so ended before it
  std::size_t number_ = 0;
  std::size_t label_ = 0;
  std::optional<std::size_t> discoverable_;
  std::size_t line_ = 0;
  std::uint64_t bytes_read_ = 0;
};

}  // namespace

std::unique_ptr<SubscriberSource> subscribers_of(std::unique_ptr<SqlConnection> connection, SqlQuery rows,
                                                 std::optional<SqlQuery> opt_in,
                                                 DiscoverableColumn discoverable) {
  return std::make_unique<SqlSubscribers>(std::move(connection), std::move(rows), std::move(opt_in),
                                          discoverable);
}

}  // namespace blindbook::service
