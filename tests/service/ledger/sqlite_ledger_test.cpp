// What the ledger in SQLite does with its file.
#include "blindbook/service/sqlite_ledger.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>
#include <vector>

#include <sys/stat.h>

#include "blindbook/service/ledger_copy.h"

#include "tests/service/ledger/sqlite_store.h"

namespace blindbook::service {
namespace {

TEST_CASE("a ledger of a newer program is refused") {
  SqliteFixture fixture;
  fixture.ledger.reset();
  {
    const Result<SqliteDatabase> database = SqliteDatabase::open(fixture.folder / "blindbook.db");
    REQUIRE(database);
    REQUIRE(database->execute("PRAGMA user_version = " + std::to_string(kLedgerVersion + 1)));
  }
  const auto opened = SqliteLedger::open(fixture.folder / "blindbook.db", kPolicy);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().fault == Fault::kBadInput);
  CHECK(opened.error().rule == "ledger.version");
}

TEST_CASE("a file that is no ledger is refused and left alone") {
  const TemporaryFolder folder;
  SECTION("a text") {
    const std::string text(5'000, 'x');
    std::ofstream(folder / "file") << text;
    const auto opened = SqliteLedger::open(folder / "file", kPolicy);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().rule == "ledger.file");
    CHECK(std::filesystem::file_size(folder / "file") == text.size());
  }
  SECTION("a database of something else") {
    {
      const Result<SqliteDatabase> database = SqliteDatabase::open(folder / "file");
      REQUIRE(database);
      REQUIRE(database->execute("CREATE TABLE other (value INTEGER)"));
    }
    const auto opened = SqliteLedger::open(folder / "file", kPolicy);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().rule == "ledger.file");
  }
}

TEST_CASE("the ledger can be read by its owner only") {
  SqliteFixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 16), kStart));
  for (const char* name : {"blindbook.db", "blindbook.db-wal"}) {
    struct stat status {};
    REQUIRE(::stat((fixture.folder / name).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
}

TEST_CASE("a ledger of the first version is changed into the present one and keeps what it holds") {
  SqliteFixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 1024), kStart));
  fixture.ledger.reset();
  {
    const Result<SqliteDatabase> database = SqliteDatabase::open(fixture.folder / "blindbook.db");
    REQUIRE(database);
    REQUIRE(database->execute("DROP TABLE label_account; DROP TABLE spending; PRAGMA user_version = 1"));
  }
  fixture.ledger = fixture.open();
  CHECK(fixture.charged(charge_of(1, 1024), kStart).repeated);
  CHECK(fixture.charged(charge_of(2, 16), kStart).allowance_left == kPolicy.initial - 1040);
  CHECK(fixture.charged(label_of(3), kStart).allowance_left == 31);
  fixture.ledger.reset();
  const Result<SqliteDatabase> database = SqliteDatabase::open(fixture.folder / "blindbook.db");
  REQUIRE(database);
  CHECK(*database->query_integer("PRAGMA user_version") == kLedgerVersion);
}

TEST_CASE("a restored account has at most a day of labels") {
  SqliteFixture fixture;
  static_cast<void>(fixture.charged(label_of(1, "bert"), kStart));
  std::uint64_t seconds = 0;
  static_cast<void>(fixture.charged(label_of(2), kStart));
  while (seconds < 20 * kDay) {
    seconds += 3'000;
    fixture.monotonic += 3'000;
    REQUIRE(fixture.ledger->tick(after(seconds)));
  }
  CHECK(fixture.charged(label_of(3), after(seconds)).allowance_left == 255);
  fixture.ledger.reset();
  REQUIRE(reset_levels(fixture.folder / "blindbook.db", kPolicy));
  fixture.ledger = fixture.open();
  CHECK(fixture.charged(label_of(4), after(seconds)).allowance_left == 31);
  CHECK(fixture.charged(label_of(5, "bert"), after(seconds)).allowance_left == 30);
}

TEST_CASE("charges that wait while one is committed are committed together") {
  constexpr std::uint32_t kWaiting = 16;
  // What commits wrote, as the log of the database grows with each: far from its checkpoint at 1000 pages.
  const auto log_bytes = [](const SqliteFixture& fixture) {
    return std::filesystem::file_size(fixture.folder / "blindbook.db-wal");
  };
  SqliteFixture single;
  for (std::uint32_t i = 0; i <= kWaiting; ++i) {
    static_cast<void>(single.charged(charge_of(i, 16), kStart));
  }

  TemporaryFolder folder;
  std::promise<void> inside;
  std::promise<void> gate;
  std::atomic<bool> first = true;
  // The ledger asks for the time inside of a transaction: there the first charge waits for the others.
  const auto ledger =
      SqliteLedger::open(folder / "blindbook.db", kPolicy, {.monotonic = [&]() -> std::uint64_t {
                           if (first.exchange(false)) {
                             inside.set_value();
                             gate.get_future().wait();
                           }
                           return 1'000;
                         }});
  REQUIRE(ledger);
  std::atomic<std::uint32_t> charged = 0;
  std::atomic<std::uint32_t> begun = 0;
  std::vector<std::thread> threads;
  const auto charge = [&](std::uint32_t number) {
    ++begun;
    const Result<ChargeOutcome> outcome = (*ledger)->charge(charge_of(number, 16), kStart);
    charged += outcome && std::holds_alternative<Charged>(*outcome) ? 1 : 0;
  };
  threads.emplace_back(charge, 0);
  inside.get_future().wait();
  for (std::uint32_t i = 1; i <= kWaiting; ++i) {
    threads.emplace_back(charge, i);
  }
  while (begun <= kWaiting) {
    std::this_thread::yield();
  }
  CHECK(charged == 0);  // none is told before the disk has it
  gate.set_value();
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(charged == kWaiting + 1);
  // Two commits in place of 17; one more, should a thread have come late.
  CHECK(3 * std::filesystem::file_size(folder / "blindbook.db-wal") < log_bytes(single));
}

}  // namespace
}  // namespace blindbook::service
