// What the ledger in PostgreSQL does with its server.
#include "blindbook/service/postgres_ledger.h"

#include <atomic>
#include <thread>

#include "blindbook/service/postgres_ledger_layout.h"

#include "tests/service/ledger/postgres_store.h"

namespace blindbook::service {
namespace {

std::string_view rule_of(const std::string& where) {
  const auto opened = open_postgres_ledger(where, kPolicy);
  REQUIRE_FALSE(opened);
  return opened.error().rule;
}

TEST_CASE("a ledger of a newer program is refused") {
  PostgresFixture fixture;
  fixture.database.sql("INSERT INTO blindbook.layout VALUES (" + std::to_string(kPostgresLedgerVersion + 1) +
                       ")");
  CHECK(rule_of(fixture.database.where()) == "ledger.version");
}

TEST_CASE("a schema that holds something else is refused and left alone") {
  PostgresFixture fixture;
  fixture.ledger.reset();
  fixture.database.sql(
      "DROP SCHEMA blindbook CASCADE; CREATE SCHEMA blindbook; "
      "CREATE TABLE blindbook.account (other text)");
  CHECK(rule_of(fixture.database.where()) == "ledger.file");
  CHECK(fixture.database.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'blindbook'") == "1");
}

TEST_CASE("a ledger is made in an empty schema that somebody else prepared") {
  PostgresFixture fixture;
  fixture.ledger.reset();
  fixture.database.sql("DROP SCHEMA blindbook CASCADE; CREATE SCHEMA blindbook");
  fixture.ledger = fixture.open();
  CHECK_FALSE(fixture.charged(charge_of(1, 16), kStart).repeated);
}

TEST_CASE("workers that start at the same time make one ledger") {
  PostgresFixture fixture;
  fixture.ledger.reset();
  fixture.database.sql("DROP SCHEMA blindbook CASCADE");
  std::atomic<int> opened = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < 8; ++i) {
    workers.emplace_back([&] { opened += fixture.store->open(kPolicy, {}) ? 1 : 0; });
  }
  for (std::thread& worker : workers) {
    worker.join();
  }
  CHECK(opened == 8);
  CHECK(fixture.database.sql("SELECT count(*) FROM blindbook.layout") == "1");
}

TEST_CASE("a server that is not there, and a string that names none, are told apart") {
  CHECK(rule_of("postgresql:///nowhere?host=/nonexistent") == "ledger.storage");
  CHECK(rule_of("postgresql:///nowhere?colour=blue") == "ledger.connection");
  CHECK(rule_of("postgresql://anna:secret@/nowhere?host=/nonexistent") == "ledger.password");
}

TEST_CASE("connections that the server ended are opened again") {
  PostgresFixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 16), kStart));
  fixture.database.sql(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
      "WHERE application_name = 'blindbook'");
  CHECK(fixture.charged(charge_of(1, 16), kStart).repeated);
  CHECK(fixture.charged(charge_of(2, 16), kStart).allowance_left == kPolicy.initial - 32);
}

TEST_CASE("a charge that meets an account being locked for long takes nothing") {
  PostgresFixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 16), kStart));
  fixture.database.sql("BEGIN; SELECT * FROM blindbook.account FOR UPDATE");
  const Result<ChargeOutcome> refused = fixture.ledger->charge(charge_of(2, 16), kStart);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "ledger.storage");
  fixture.database.sql("ROLLBACK");
  CHECK(fixture.charged(charge_of(2, 16), kStart).allowance_left == kPolicy.initial - 32);
}

TEST_CASE(
    "a request that another worker charges while it is looked for is repeated with what that one left") {
  PostgresFixture fixture;
  static_cast<void>(fixture.charged(charge_of(2, 16, "bert"), kStart));
  fixture.database.sql("BEGIN; LOCK TABLE blindbook.request IN ACCESS EXCLUSIVE MODE");
  Result<ChargeOutcome> outcome = unavailable("ledger.storage", "not yet");
  std::thread charging([&] { outcome = fixture.ledger->charge(charge_of(1, 1024), kStart); });
  // By then the account was looked for, and was not there.
  while (fixture.database.sql("SELECT count(*), pg_sleep(0.02) FROM pg_stat_activity "
                              "WHERE application_name = 'blindbook' AND wait_event_type = 'Lock'") == "0") {
  }
  const std::string level = std::to_string((kPolicy.initial - 1024) * protocol::kLevelPerEvaluation);
  const std::string now = std::to_string(kStart.value());
  fixture.database.sql(
      "INSERT INTO blindbook.account (issuer, account, level, refilled_at) VALUES ('city', 'anna', " + level +
      ", " + now + "); INSERT INTO blindbook.request VALUES ('city', 'anna', '\\x" +
      to_hex(digest(1).view()) + "', " + now + ", 0); COMMIT");
  charging.join();
  REQUIRE(outcome);
  REQUIRE(std::holds_alternative<Charged>(*outcome));
  CHECK(std::get<Charged>(*outcome).repeated);
  CHECK(std::get<Charged>(*outcome).allowance_left == kPolicy.initial - 1024);
  CHECK(fixture.database.sql("SELECT retries FROM blindbook.request WHERE account = 'anna'") == "1");
}

/// Commits wait for a standby that is not there, while this lives.
class MissingStandby {
 public:
  explicit MissingStandby(PostgresStore& database) : database_(database) {
    database_.sql("ALTER SYSTEM SET synchronous_standby_names = 'missing'");
    reload(true);
  }
  ~MissingStandby() { end(); }
  void end() {
    if (!ended_) {
      ended_ = true;
      database_.sql("ALTER SYSTEM RESET synchronous_standby_names");
      reload(false);
    }
  }

 private:
  void reload(bool waits) {
    database_.sql("SELECT pg_reload_conf()");
    while (database_.commits_wait() != waits) {
    }
  }
  PostgresStore& database_;
  bool ended_ = false;
};

TEST_CASE("a charge is not answered before the synchronous standby has it, even when the wait is cut short") {
  PostgresFixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 16), kStart));
  MissingStandby standby(fixture.database);
  std::atomic<bool> answered = false;
  Result<ChargeOutcome> outcome = unavailable("ledger.storage", "not yet");
  std::thread charging([&] {
    outcome = fixture.ledger->charge(charge_of(2, 16), kStart);
    answered = true;
  });
  while (!answered) {
    fixture.database.sql(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'blindbook' AND wait_event = 'SyncRep'");
  }
  charging.join();
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().rule == "ledger.storage");

  // It may have been committed here all the same: the client asks again, and pays once.
  standby.end();
  CHECK(fixture.charged(charge_of(2, 16), kStart).allowance_left == kPolicy.initial - 32);
}

TEST_CASE("charges wait for a silent standby for a while, and then take nothing") {
  PostgresFixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 16), kStart));
  MissingStandby standby(fixture.database);
  const Result<ChargeOutcome> outcome = fixture.ledger->charge(charge_of(2, 16), kStart);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().rule == "ledger.storage");
  CHECK(outcome.error().hint == "does its synchronous standby answer?");
}

TEST_CASE("a role that turned durability off gets it for the ledger all the same") {
  PostgresFixture fixture;
  fixture.ledger.reset();
  fixture.database.sql("ALTER ROLE CURRENT_USER SET synchronous_commit = off");
  fixture.ledger = fixture.open();
  static_cast<void>(fixture.charged(charge_of(1, 16), kStart));
  MissingStandby standby(fixture.database);
  CHECK_FALSE(fixture.ledger->charge(charge_of(2, 16), kStart));
  standby.end();
  fixture.database.sql("ALTER ROLE CURRENT_USER RESET synchronous_commit");
}

}  // namespace
}  // namespace blindbook::service
