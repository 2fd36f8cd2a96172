#include "blindbook/service/sources/preset.h"

#include "tests/service/sources/source_fixture.h"

using namespace blindbook;
using namespace blindbook::service;

namespace {

using Found = std::vector<std::string>;

SourceRequest preset_of(const SourceFixture& fixture, SourcePreset preset,
                        std::optional<std::string> host = {}) {
  return {.source = "sqlite:" + fixture.database, .preset = preset, .xmpp_host = std::move(host)};
}

}  // namespace

TEST_CASE("every preset has the name that the command line knows") {
  CHECK(source_preset_from("synapse") == SourcePreset::kSynapse);
  CHECK(source_preset_from("ejabberd") == SourcePreset::kEjabberd);
  CHECK(source_preset_from("ejabberd-multihost") == SourcePreset::kEjabberdMultihost);
  CHECK(source_preset_from("prosody") == SourcePreset::kProsody);
  CHECK_FALSE(source_preset_from("mastodon"));
}

TEST_CASE("a preset of an xmpp server needs its host and synapse has none") {
  CHECK(query_of(SourcePreset::kProsody, {}).error().rule == "source.host");
  CHECK(query_of(SourcePreset::kEjabberd, "").error().rule == "source.host");
  CHECK(query_of(SourcePreset::kSynapse, "city.example").error().rule == "source.host");
  CHECK(query_of(SourcePreset::kSynapse, {}));
}

TEST_CASE("out of ejabberd come accounts whose name is a number with a plus") {
  const SourceFixture fixture;
  // sql/lite.sql of ejabberd 24: a row for each hash of the password.
  fixture.execute(
      "CREATE TABLE users (username text NOT NULL, type smallint NOT NULL, password text NOT NULL,"
      " serverkey text NOT NULL DEFAULT '', salt text NOT NULL DEFAULT '', iterationcount integer NOT NULL "
      "DEFAULT 0,"
      " created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (username, type));"
      "INSERT INTO users (username, type, password) VALUES ('+493023125001', 1, ''), ('+493023125001', 2, "
      "''),"
      " ('+493023125002', 1, ''), ('admin', 1, ''), ('493023125003', 1, '')");
  SourceRequest request = preset_of(fixture, SourcePreset::kEjabberd, "city.example");
  request.opt_in_query = "SELECT '+493023125001@city.example' UNION SELECT '493023125003@city.example'";
  CHECK(read_all(request).rows.size() == 2);
  CHECK(discoverable(request) == Found{"+493023125001 +493023125001@city.example"});
}

TEST_CASE("out of ejabberd with several hosts come the accounts of one") {
  const SourceFixture fixture;
  // sql/lite.new.sql of ejabberd 24.
  fixture.execute(
      "CREATE TABLE users (username text NOT NULL, server_host text NOT NULL, type smallint NOT NULL,"
      " password text NOT NULL, PRIMARY KEY (server_host, username, type));"
      "INSERT INTO users VALUES ('+493023125001', 'city.example', 1, ''), ('+493023125001', 'town.example', "
      "1, ''),"
      " ('+493023125002', 'town.example', 1, '')");
  SourceRequest request = preset_of(fixture, SourcePreset::kEjabberdMultihost, "city.example");
  request.opt_in_list = fixture.write("agreed", "+493023125001@city.example\n");
  CHECK(read_all(request).rows.size() == 1);
  CHECK(discoverable(request) == Found{"+493023125001 +493023125001@city.example"});
}

TEST_CASE("out of prosody come accounts of one host whose name is a number with a plus") {
  const SourceFixture fixture;
  // The table of mod_storage_sql.
  fixture.execute(
      "CREATE TABLE prosody (host TEXT NOT NULL, user TEXT NOT NULL, store TEXT NOT NULL, key TEXT NOT NULL,"
      " type TEXT NOT NULL, value TEXT NOT NULL);"
      "INSERT INTO prosody VALUES ('city.example', '+493023125001', 'accounts', 'salt', 'string', ''),"
      " ('city.example', '+493023125001', 'accounts', 'stored_key', 'string', ''),"
      " ('city.example', '+493023125002', 'roster', '', 'json', '{}'),"
      " ('town.example', '+493023125003', 'accounts', 'salt', 'string', ''),"
      " ('city.example', 'admin', 'accounts', 'salt', 'string', '')");
  SourceRequest request = preset_of(fixture, SourcePreset::kProsody, "city.example");
  request.opt_in_query = "SELECT user || '@' || host FROM prosody";
  CHECK(read_all(request).rows.size() == 1);
  CHECK(discoverable(request) == Found{"+493023125001 +493023125001@city.example"});
}
