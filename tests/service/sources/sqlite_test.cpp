#include "blindbook/service/sources/sqlite.h"

#include "tests/service/publish_fixture.h"
#include "tests/service/sources/source_fixture.h"

using namespace blindbook;
using namespace blindbook::service;

namespace {

struct Citizens : SourceFixture {
  Citizens() {
    execute(
        "CREATE TABLE citizen (phone TEXT, nick TEXT, agreed);"
        "INSERT INTO citizen VALUES ('+493023125001', '@anna:city.example', 'yes'),"
        "  ('+493023125002', '@bert:city.example', 1), ('+493023125003', '@carla:city.example', 'no'),"
        "  ('+493023125004', '@dora:city.example', NULL), ('+493023125005', '@emil:city.example', 'perhaps'),"
        "  (NULL, NULL, 0), (4930231, x'4142', 0)");
  }
};

constexpr const char* kQuery =
    "SELECT rowid, agreed AS discoverable, nick AS label, phone AS number FROM citizen";

}  // namespace

TEST_CASE("a query has its columns by name in any order and among others") {
  const Citizens citizens;
  const ReadRows read = read_all(citizens.asking(kQuery));
  CHECK(read.rule.empty());
  REQUIRE(read.rows.size() == 7);
  CHECK(read.rows[0].line == 1);
  CHECK(read.rows[0].number == "+493023125001");
  CHECK(read.rows[0].label == "@anna:city.example");
  CHECK(read.rows[0].discoverable);
  CHECK(read.rows[1].discoverable);
  CHECK_FALSE(read.rows[2].discoverable);
  CHECK_FALSE(read.rows[3].discoverable);
  CHECK(read.rows[3].fault.empty());
  CHECK(read.rows[4].fault == "discoverable-value");
  CHECK(read.rows[5].number.empty());
  CHECK(read.rows[6].number == "4930231");
  CHECK(read.rows[6].label == "AB");
  CHECK(read.rows[6].line == 7);
}

TEST_CASE("a query without its columns is refused") {
  const Citizens citizens;
  CHECK(read_all(citizens.asking("SELECT phone AS number, nick AS label FROM citizen")).rule ==
        "source.columns");
  CHECK(read_all(citizens.asking("SELECT phone, nick AS label, agreed AS discoverable FROM citizen")).rule ==
        "source.columns");
  CHECK(
      read_all(citizens.asking(
                   "SELECT phone AS number, phone AS number, nick AS label, 1 AS discoverable FROM citizen"))
          .rule == "source.columns");
  SourceRequest two = citizens.asking("SELECT phone AS number, nick AS label FROM citizen");
  two.opt_in_query = "SELECT nick, agreed FROM citizen";
  CHECK(read_all(two).rule == "source.columns");
}

TEST_CASE("what is not one statement that reads is refused and changes nothing") {
  const Citizens citizens;
  for (const char* query :
       {"DELETE FROM citizen RETURNING phone AS number, nick AS label, 1 AS discoverable",
        "DELETE FROM citizen", "SELECT 1 AS number, 2 AS label, 3 AS discoverable; DELETE FROM citizen",
        "SELECT 1 AS number, 2 AS label, 3 AS discoverable; ; SELECT 1", "COMMIT", "", "-- nothing", "SELEKT",
        "SELECT nothing", "SELECT phone AS number, nick AS label, ? AS discoverable FROM citizen"}) {
    INFO(query);
    CHECK(read_all(citizens.asking(query)).rule == "source.query");
  }
  CHECK(read_all(citizens.asking(kQuery)).rows.size() == 7);
  CHECK(discoverable(citizens.asking(
            "SELECT '1' AS number, 'a' AS label, 'yes' AS discoverable; -- that is all\n ;")) ==
        std::vector<std::string>{"1 a"});
}

TEST_CASE("a database that is missing or none is refused and not made") {
  const SourceFixture fixture;
  CHECK(read_all(fixture.asking(kQuery)).rule == "file.open");
  CHECK_FALSE(std::filesystem::exists(fixture.database));
  const std::string text = fixture.write("text", std::string(4096, 'x'));
  CHECK(read_all({.source = "sqlite:" + text, .query = kQuery}).rule == "file.open");
}

TEST_CASE("a row far too long is not read") {
  const SourceFixture fixture;
  fixture.execute(
      "CREATE TABLE t (n TEXT); INSERT INTO t VALUES (printf('%.*c', 70000, 'x')), ('+493023125001')");
  const ReadRows read = read_all(fixture.asking("SELECT n AS number, '' AS label, 1 AS discoverable FROM t"));
  REQUIRE(read.rows.size() == 2);
  CHECK(read.rows[0].fault == "row-size");
  CHECK(read.rows[0].number.empty());
  CHECK(read.rows[1].number == "+493023125001");
}

TEST_CASE("rows and opt-ins of one database are of one moment") {
  const Citizens citizens;
  citizens.execute(
      "PRAGMA journal_mode=WAL; CREATE TABLE agreed (nick TEXT); INSERT INTO agreed VALUES "
      "('@anna:city.example')");
  SourceRequest request =
      citizens.asking("SELECT phone AS number, nick AS label FROM citizen WHERE phone LIKE '+%' ORDER BY 1");
  request.opt_in_query = "SELECT nick FROM agreed";
  const auto source = open_subscriber_source(request);
  REQUIRE(source);
  // Behind the begin of the transaction, before the first query.
  citizens.execute(
      "DELETE FROM citizen WHERE nick LIKE '@anna%'; INSERT INTO agreed VALUES ('@bert:city.example')");
  SubscriberRow row;
  REQUIRE(*(*source)->next(row));
  CHECK(row.number == "+493023125001");
  CHECK(row.discoverable);
  REQUIRE(*(*source)->next(row));
  CHECK(row.number == "+493023125002");
  CHECK_FALSE(row.discoverable);
}

TEST_CASE("a query that fails on its way is refused as a whole and the old edition stays") {
  const Citizens citizens;
  PublishFixture fixture;
  const auto publish_query = [&](const std::string& query) {
    const auto source = open_subscriber_source(citizens.asking(query));
    REQUIRE(source);
    return publish(fixture.folder, **source, fixture.options, *fixture.pool, fixture.random);
  };
  REQUIRE(publish_query(
      "SELECT phone AS number, nick AS label, agreed AS discoverable FROM citizen WHERE rowid < 4"));
  CHECK(fixture.find("+493023125001") == "@anna:city.example");
  const Result<PublishReport> broken = publish_query(
      "SELECT phone AS number, nick AS label, CASE WHEN rowid = 3 THEN json('[') ELSE 1 END AS discoverable "
      "FROM citizen WHERE rowid > 1");
  REQUIRE_FALSE(broken);
  CHECK(broken.error().rule == "source.broken");
  CHECK(fixture.find("+493023125001") == "@anna:city.example");
  CHECK((*fixture.folder.announcement())->announcement.seq == 1);
}
