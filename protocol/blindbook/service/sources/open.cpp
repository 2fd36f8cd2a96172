#include "blindbook/service/sources/open.h"

#include <string_view>
#include <utility>

#include "blindbook/service/sources/csv.h"
#include "blindbook/service/sources/json_lines.h"
#include "blindbook/service/sources/opt_in.h"
#include "blindbook/service/sources/postgres.h"
#include "blindbook/service/sources/sqlite.h"

namespace blindbook::service {
namespace {

enum class Kind { kCsv, kJsonLines, kSqlite, kPostgres };

struct Place {
  Kind kind;
  std::string name;  ///< of a file, or a connection string
};

Place place_of(const std::string& source) {
  if (source.starts_with("postgres://") || source.starts_with("postgresql://")) {
    return {Kind::kPostgres, source};
  }
  constexpr std::pair<std::string_view, Kind> kPrefixes[] = {{"csv:", Kind::kCsv},
                                                             {"jsonl:", Kind::kJsonLines},
                                                             {"sqlite:", Kind::kSqlite},
                                                             {"postgres:", Kind::kPostgres}};
  for (const auto& [prefix, kind] : kPrefixes) {
    if (source.starts_with(prefix)) {
      return {kind, source.substr(prefix.size())};
    }
  }
  return {source.ends_with(".jsonl") ? Kind::kJsonLines : Kind::kCsv, source};
}

bool is_database(const Place& place) {
  return place.kind == Kind::kSqlite || place.kind == Kind::kPostgres;
}

Result<void> check(const SourceRequest& request, const Place& place) {
  if (!is_database(place) && (request.query || request.preset || request.opt_in_query)) {
    return bad_input("source.request", "a query asks a database, and " + request.source + " is none",
                     "name it as sqlite:FILE or postgres:CONNECTION");
  }
  if (is_database(place) && request.query.has_value() == request.preset.has_value()) {
    return bad_input("source.request",
                     "of a database either a query or a preset says who the subscribers are",
                     "give --query SQL, or --preset synapse and the like");
  }
  if (request.opt_in_list && request.opt_in_query) {
    return bad_input("source.request", "who agreed stands in a list or in a query, not in both",
                     "leave out --opt-in-list or --opt-in-query");
  }
  if (request.xmpp_host && !request.preset) {
    return bad_input("source.request", "a host belongs to a preset",
                     "leave out --xmpp-host, or give --preset");
  }
  if (request.opt_in_list == "-" && place.name == "-") {
    return bad_input("source.request", "standard input cannot be both subscribers and opt-in list",
                     "name a file for one of them");
  }
  if (request.preset && !request.opt_in_list && !request.opt_in_query) {
    return bad_input("source.consent", "the tables of a preset do not say who agreed to be found",
                     "give their labels with --opt-in-list FILE or --opt-in-query SQL");
  }
  return {};
}

Result<std::unique_ptr<SubscriberSource>> open_database(const SourceRequest& request, const Place& place,
                                                        DiscoverableColumn discoverable) {
  Result<SqlQuery> query =
      request.preset ? query_of(*request.preset, request.xmpp_host) : SqlQuery{.text = *request.query};
  if (!query) {
    return failed(query);
  }
  Result<std::unique_ptr<SqlConnection>> connection =
      place.kind == Kind::kSqlite ? connect_sqlite(place.name) : connect_postgres(place.name);
  if (!connection) {
    return failed(connection);
  }
  std::optional<SqlQuery> opt_in;
  if (request.opt_in_query) {
    opt_in = SqlQuery{.text = *request.opt_in_query};
  }
  return subscribers_of(std::move(*connection), std::move(*query), std::move(opt_in), discoverable);
}

}  // namespace

std::string name_of_source(const std::string& source) {
  return place_of(source).kind == Kind::kPostgres ? "postgres" : source;
}

Result<std::unique_ptr<SubscriberSource>> open_subscriber_source(const SourceRequest& request) {
  const Place place = place_of(request.source);
  if (Result<void> checked = check(request, place); !checked) {
    return failed(checked);
  }
  const auto discoverable = request.opt_in_list || request.opt_in_query ? DiscoverableColumn::kOptional
                                                                        : DiscoverableColumn::kRequired;
  Result<std::unique_ptr<SubscriberSource>> source =
      is_database(place)               ? open_database(request, place, discoverable)
      : place.kind == Kind::kJsonLines ? open_json_lines_source(place.name, discoverable)
                                       : open_csv_source(place.name, discoverable);
  if (!source || !request.opt_in_list) {
    return source;
  }
  Result<OptInList> list = read_opt_in_list(*request.opt_in_list);
  if (!list) {
    return failed(list);
  }
  return with_opt_in(std::move(*source), std::move(*list));
}

}  // namespace blindbook::service
