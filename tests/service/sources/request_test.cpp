#include "tests/service/sources/source_fixture.h"

using namespace blindbook;
using namespace blindbook::service;

namespace {

using Found = std::vector<std::string>;

std::string_view rule_of(const SourceRequest& request) {
  const auto source = open_subscriber_source(request);
  return source ? "none" : source.error().rule;
}

}  // namespace

TEST_CASE("a source is what its prefix or its ending says") {
  const SourceFixture fixture;
  const std::string csv = "number,label,discoverable\n1,a,yes\n";
  const std::string lines = R"({"number":"1","label":"a","discoverable":1})";
  const Found found{"1 a"};
  CHECK(discoverable({.source = fixture.write("list.csv", csv)}) == found);
  CHECK(discoverable({.source = "csv:" + fixture.write("odd.jsonl", csv)}) == found);
  CHECK(discoverable({.source = fixture.write("list.jsonl", lines)}) == found);
  CHECK(discoverable({.source = "jsonl:" + fixture.write("odd.csv", lines)}) == found);
}

TEST_CASE("parts of a source that do not go together are refused") {
  const SourceFixture fixture;
  fixture.execute("CREATE TABLE t (a)");
  const std::string database = "sqlite:" + fixture.database;
  const std::string csv = fixture.write("list.csv", "number,label,discoverable\n");
  CHECK(rule_of({.source = csv}) == "none");
  CHECK(rule_of({.source = csv, .query = "SELECT 1"}) == "source.request");
  CHECK(rule_of({.source = csv, .preset = SourcePreset::kSynapse}) == "source.request");
  CHECK(rule_of({.source = csv, .opt_in_query = "SELECT 1"}) == "source.request");
  CHECK(rule_of({.source = csv, .xmpp_host = "city.example"}) == "source.request");
  CHECK(rule_of({.source = "-", .opt_in_list = "-"}) == "source.request");
  CHECK(rule_of({.source = "jsonl:-", .opt_in_list = "-"}) == "source.request");
  CHECK(rule_of({.source = database}) == "source.request");
  CHECK(rule_of({.source = database, .query = "SELECT 1", .preset = SourcePreset::kSynapse}) ==
        "source.request");
  CHECK(rule_of({.source = database, .query = "SELECT 1", .opt_in_list = csv, .opt_in_query = "SELECT 1"}) ==
        "source.request");
  CHECK(rule_of({.source = database, .query = "SELECT 1"}) == "none");
}

TEST_CASE("a preset without a word of who agreed is refused") {
  const SourceFixture fixture;
  fixture.execute("CREATE TABLE t (a)");
  CHECK(rule_of({.source = "sqlite:" + fixture.database, .preset = SourcePreset::kSynapse}) ==
        "source.consent");
  CHECK(rule_of({.source = "sqlite:" + fixture.database,
                 .preset = SourcePreset::kSynapse,
                 .opt_in_query = "SELECT 1"}) == "none");
}

TEST_CASE("no name that is shown of a source holds what a connection string does") {
  CHECK(name_of_source("postgres:service=x password=secret") == "postgres");
  CHECK(name_of_source("postgresql://anna:secret@host/db") == "postgres");
  CHECK(name_of_source("sqlite:messenger.db") == "sqlite:messenger.db");
  CHECK(name_of_source("list.csv") == "list.csv");
}

#if BLINDBOOK_HAS_LIBPQ
TEST_CASE("a connection string with a password is refused and none is repeated") {
  for (const char* where : {"password=secret123", "dbname=x password='secret123'", "//anna:secret123@host/db",
                            "//host/db?password=secret123", "sslpassword=secret123"}) {
    INFO(where);
    const auto source =
        open_subscriber_source({.source = std::string("postgres:") + where, .query = "SELECT 1"});
    REQUIRE_FALSE(source);
    CHECK(source.error().rule == "source.password");
    CHECK((source.error().message + source.error().hint).find("secret") == std::string::npos);
  }
  for (const char* where :
       {"password secret123", "=secret123", "nonsense=secret123", "//host:secret123x/%zz?secret123"}) {
    INFO(where);
    const auto source =
        open_subscriber_source({.source = std::string("postgres:") + where, .query = "SELECT 1"});
    REQUIRE_FALSE(source);
    CHECK(source.error().rule == "source.connection");
    CHECK((source.error().message + source.error().hint).find("secret") == std::string::npos);
  }
}

TEST_CASE("a server that cannot be reached is no list") {
  const SourceFixture fixture;
  CHECK(rule_of({.source = "postgres:host=" + fixture.folder.path().string(), .query = "SELECT 1"}) ==
        "source.connect");
}
#else
TEST_CASE("a program built without libpq says so") {
  CHECK(rule_of({.source = "postgres:dbname=x", .query = "SELECT 1"}) == "source.postgres");
}
#endif
