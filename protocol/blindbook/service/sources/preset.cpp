#include "blindbook/service/sources/preset.h"

#include <array>
#include <utility>

namespace blindbook::service {
namespace {

struct Row {
  SourcePreset preset;
  std::string_view name;
  std::string_view query;
};

// In words of SQL that SQLite and PostgreSQL share.
constexpr std::array kPresets{
    // Synapse keeps E.164 without the plus. A user who is deactivated keeps neither number nor account, but that takes a
    // background job.
    Row{SourcePreset::kSynapse, "synapse",
        "SELECT '+' || t.address AS number, t.user_id AS label "
        "FROM user_threepids AS t JOIN users AS u ON u.name = t.user_id "
        "WHERE t.medium = 'msisdn' AND u.deactivated = 0 AND u.is_guest = 0"},
    // Since 24.x a user has a row for each hash of the password.
    Row{SourcePreset::kEjabberd, "ejabberd",
        "SELECT DISTINCT username AS number, username || '@' || CAST($1 AS text) AS label "
        "FROM users WHERE username LIKE '+%'"},
    Row{SourcePreset::kEjabberdMultihost, "ejabberd-multihost",
        "SELECT DISTINCT username AS number, username || '@' || server_host AS label "
        "FROM users WHERE server_host = CAST($1 AS text) AND username LIKE '+%'"},
    Row{SourcePreset::kProsody, "prosody",
        "SELECT DISTINCT \"user\" AS number, \"user\" || '@' || \"host\" AS label "
        "FROM prosody WHERE \"store\" = 'accounts' AND \"host\" = CAST($1 AS text) AND \"user\" LIKE '+%'"},
};

}  // namespace

std::optional<SourcePreset> source_preset_from(std::string_view name) noexcept {
  for (const Row& row : kPresets) {
    if (row.name == name) {
      return row.preset;
    }
  }
  return std::nullopt;
}

Result<SqlQuery> query_of(SourcePreset preset, const std::optional<std::string>& host) {
  for (const Row& row : kPresets) {
    if (row.preset != preset) {
      continue;
    }
    const bool has_host = row.query.find("$1") != std::string_view::npos;
    if (has_host && (!host || host->empty())) {
      return bad_input("source.host", std::string(row.name).append(" needs the host of its users"),
                       "say what stands behind the @ of their addresses: --xmpp-host city.example");
    }
    if (!has_host && host) {
      return bad_input("source.host",
                       "the users of " + std::string(row.name) + " have their host in their names",
                       "leave out --xmpp-host");
    }
    return SqlQuery{std::string(row.query),
                    has_host ? std::vector<std::string>{*host} : std::vector<std::string>{}};
  }
  return api_misuse("source.preset", "there is no such preset");
}

}  // namespace blindbook::service
