#include <catch2/catch.hpp>

#include "blindbook/service/ledger_open.h"

#include "tests/support/temporary_folder.h"

namespace blindbook::service {
namespace {

TEST_CASE("a ledger is named by a uri of postgresql or is the file of the folder") {
  CHECK(*is_postgres_ledger("postgresql://blindbook@db.city.example/blindbook"));
  CHECK(*is_postgres_ledger("postgres:///blindbook"));
  CHECK_FALSE(*is_postgres_ledger("sqlite"));
  for (const char* where : {"", "postgres", "postgres:dbname=blindbook", "mysql://db", "blindbook.db"}) {
    const Result<bool> named = is_postgres_ledger(where);
    REQUIRE_FALSE(named);
    CHECK(named.error().rule == "ledger.connection");
  }
}

TEST_CASE("a ledger in postgresql that cannot be opened is no file in its place") {
  const test_support::TemporaryFolder folder;
  Config config;
  config.ledger = "postgresql:///nowhere?host=" + folder.path().string();
  const auto ledger = open_ledger(folder / "blindbook.db", config);
  REQUIRE_FALSE(ledger);
  CHECK(ledger.error().rule == (BLINDBOOK_HAS_LIBPQ ? "ledger.storage" : "ledger.postgres"));
  CHECK_FALSE(std::filesystem::exists(folder / "blindbook.db"));
  config.ledger.reset();
  CHECK(open_ledger(folder / "blindbook.db", config));
}

}  // namespace
}  // namespace blindbook::service
