#include "blindbook/service/backup.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <semaphore>
#include <set>
#include <string>
#include <thread>

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "blindbook/service/atomic_file.h"
#include "blindbook/service/folder_beside.h"
#include "blindbook/service/ledger_copy.h"
#include "blindbook/service/sqlite.h"
#include "blindbook/service/sqlite_ledger.h"

#include "tests/service/publish_fixture.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRows = "+493023125001,@anna:city.example,yes\n";

struct BackupFixture : PublishFixture {
  fs::path to = parent / "backup";

  BackupReport back_up() {
    Result<BackupReport> report = service::back_up(folder, to, kPublishNow);
    if (!report) {
      FAIL(report.error().rule << ": " << report.error().message);
    }
    return *report;
  }
  [[nodiscard]] std::string_view refused() const {
    const Result<BackupReport> report = service::back_up(folder, to, kPublishNow);
    return report ? "none" : report.error().rule;
  }
  [[nodiscard]] std::string_view unusable() const {
    const Result<Backup> opened = Backup::open(to);
    return opened ? "none" : opened.error().rule;
  }
  /// Every file of the backup, by its path below it.
  [[nodiscard]] std::set<std::string> files() const {
    std::set<std::string> out;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(to)) {
      if (entry.is_regular_file()) {
        out.insert(fs::relative(entry.path(), to).string());
      }
    }
    return out;
  }
  [[nodiscard]] std::size_t names_beside() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(fs::path(to).parent_path()), fs::directory_iterator()));
  }
  void charge(const std::string& account, std::uint32_t cost, std::uint8_t request = 1) {
    const auto ledger = SqliteLedger::open(folder.ledger_path(), folder.config().allowance);
    REQUIRE(ledger);
    Digest digest;
    digest.mutable_view()[0] = request;
    REQUIRE((*ledger)->charge({"blindbook", account, digest, cost}, kPublishNow));
  }
};

TEST_CASE("a backup holds config, ledger, log and what is public of them, and nothing else") {
  BackupFixture fixture;
  static_cast<void>(fixture.publish_rows(kRows));
  static_cast<void>(fixture.publish_rows(kRows));
  const BackupReport report = fixture.back_up();
  CHECK(report.seq == 2);
  CHECK(fixture.files() == std::set<std::string>{"audit.jsonl", "backup.json", "blindbook.db", "config.json",
                                                 "log/1.bba", "log/2.bba", "log/hashes.bbl",
                                                 "public/announcement.bba", "public/operator.pub"});
  CHECK(report.files == 8);
  const Result<Backup> opened = Backup::open(fixture.to);
  REQUIRE(opened);
  CHECK(opened->config() == fixture.folder.config());
  REQUIRE(opened->last());
  CHECK(opened->last()->announcement.seq == 2);
  CHECK(opened->manifest().created_at == kPublishNow);
  CHECK(opened->manifest().operator_id == fixture.folder.operator_id());
}

TEST_CASE("a backup of a folder that never announced anything is whole") {
  BackupFixture fixture;
  CHECK(fixture.back_up().seq == 0);
  const Result<Backup> opened = Backup::open(fixture.to);
  REQUIRE(opened);
  CHECK_FALSE(opened->last());
}

TEST_CASE("nobody but its owner can read a backup") {
  BackupFixture fixture;
  static_cast<void>(fixture.publish_rows(kRows));
  const mode_t before = ::umask(0);
  static_cast<void>(fixture.back_up());
  ::umask(before);
  struct stat status {};
  REQUIRE(::stat(fixture.to.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fixture.to)) {
    INFO(entry.path());
    REQUIRE(::stat(entry.path().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == (entry.is_directory() ? 0700 : 0600));
  }
}

TEST_CASE("no backup is written over") {
  BackupFixture fixture;
  SECTION("a backup") {
    static_cast<void>(fixture.back_up());
    const std::set<std::string> before = fixture.files();
    CHECK(fixture.refused() == "backup.exists");
    CHECK(fixture.files() == before);
    CHECK(fixture.unusable() == "none");
  }
  SECTION("an empty folder, which a rename would replace") {
    fs::create_directory(fixture.to);
    CHECK(fixture.refused() == "backup.exists");
    CHECK(fs::is_empty(fixture.to));
  }
  SECTION("a link that leads nowhere") {
    fs::create_symlink(fixture.parent / "nowhere", fixture.to);
    CHECK(fixture.refused() == "backup.exists");
    CHECK(fs::is_symlink(fixture.to));
  }
}

TEST_CASE("a folder made beside its place replaces nothing that came meanwhile") {
  const test_support::TemporaryFolder parent;
  const auto names = [&] {
    return std::distance(fs::directory_iterator(fs::path(parent / "x").parent_path()),
                         fs::directory_iterator());
  };
  {
    FolderBeside beside(parent / "to/", "test.exists");
    REQUIRE(beside.make());
    CHECK(beside.path().filename().string().front() == '.');
    fs::create_directory(parent / "to");
    CHECK(beside.become_whole().error().rule == "test.exists");
    CHECK(names() == 2);
  }
  CHECK(names() == 1);  // what is not whole goes
  fs::remove(parent / "to");
  FolderBeside beside(parent / "to/", "test.exists");
  REQUIRE(beside.make());
  REQUIRE(beside.become_whole());
  CHECK(names() == 1);
  CHECK(fs::is_directory(parent / "to"));
  CHECK(FolderBeside(parent / "no/such", "test.exists").make().error().rule == "file.folder");
}

TEST_CASE("a backup that fails leaves nothing behind") {
  BackupFixture fixture;
  static_cast<void>(fixture.publish_rows(kRows));
  const std::size_t before = fixture.names_beside();
  SECTION("no ledger") {
    fs::remove(fixture.folder.ledger_path());
    CHECK(fixture.refused() == "ledger.file");
  }
  SECTION("a ledger that is none") {
    REQUIRE(write_file_atomically(fixture.folder.ledger_path(), bytes_of("something else, and long enough"),
                                  FileAccess::kOwnerOnly));
    CHECK(fixture.refused() == "ledger.file");
  }
  SECTION("a log that is damaged") {
    REQUIRE(write_file_atomically(fixture.folder.log_path(1), bytes_of("damaged"), FileAccess::kOwnerOnly));
    CHECK(fixture.refused() == "folder.log");
  }
  CHECK_FALSE(fs::exists(fixture.to));
  CHECK(fixture.names_beside() == before);
}

TEST_CASE("a run that was killed leaves no folder that can be taken for a backup") {
  BackupFixture fixture;
  static_cast<void>(fixture.publish_rows(kRows));
  static_cast<void>(fixture.back_up());
  // What stands there at any moment before the last: everything but the manifest, under another name.
  fs::rename(fixture.to, fixture.parent / ".backup.abcdef");
  fs::remove(fixture.parent / ".backup.abcdef" / "backup.json");
  CHECK(fixture.unusable() == "backup.missing");
  CHECK(Backup::open(fixture.parent / ".backup.abcdef").error().rule == "backup.missing");
  static_cast<void>(fixture.back_up());
  CHECK(fixture.unusable() == "none");
}

TEST_CASE("a backup that lost or changed a byte is refused") {
  BackupFixture fixture;
  static_cast<void>(fixture.publish_rows(kRows));
  static_cast<void>(fixture.back_up());
  for (const std::string& name : fixture.files()) {
    INFO(name);
    const fs::path path = fixture.to / name;
    const Bytes whole = *read_file(path, 10'000'000);
    Bytes changed = whole;
    changed[changed.size() / 2] ^= 1;
    for (const Bytes& content : {changed, Bytes(whole.begin(), whole.end() - 3), Bytes()}) {
      REQUIRE(write_file_atomically(path, content, FileAccess::kOwnerOnly));
      if (name != "backup.json") {
        CHECK(fixture.unusable() == "backup.damaged");
      } else {
        CHECK(fixture.unusable() != "none");
      }
    }
    fs::remove(path);
    CHECK(fixture.unusable() == (name == "backup.json" ? "backup.missing" : "backup.damaged"));
    REQUIRE(write_file_atomically(path, whole, FileAccess::kOwnerOnly));
  }
  CHECK(fixture.unusable() == "none");
}

TEST_CASE("a manifest of another operator makes no backup") {
  BackupFixture fixture;
  static_cast<void>(fixture.back_up());
  const fs::path path = fixture.to / "backup.json";
  BackupManifest manifest = std::move(*parse_manifest(text_of(*read_file(path, 100'000))));
  manifest.operator_id.front() ^= 1;
  REQUIRE(write_file_atomically(path, bytes_of(write_manifest(manifest)), FileAccess::kOwnerOnly));
  CHECK(fixture.unusable() == "backup.damaged");
}

TEST_CASE("a manifest names what belongs into a backup, once, and what must be there") {
  const BackupFile config{.path = "config.json", .bytes = 1, .sha256 = {}};
  const BackupFile ledger{.path = "blindbook.db", .bytes = 2, .sha256 = {}};
  const auto fault = [](std::vector<BackupFile> files) {
    const auto parsed = parse_manifest(
        write_manifest({.created_at = kPublishNow, .operator_id = "id", .files = std::move(files)}));
    return parsed ? std::string_view("none") : parsed.error().rule;
  };
  CHECK(fault({config, ledger}) == "none");
  CHECK(fault({config, ledger, {.path = "log/12.bba", .bytes = 1, .sha256 = {}}}) == "none");
  CHECK(fault({config}) == "backup.damaged");
  CHECK(fault({ledger}) == "backup.damaged");
  CHECK(fault({config, ledger, config}) == "backup.damaged");
  for (const char* path : {"../config.json", "/etc/passwd", "keys/root.key", "log/../x.bba", "log/.bba",
                           "log/01.bba", "log/1.bbd", "log/", "public/directory", ""}) {
    INFO(path);
    CHECK(fault({config, ledger, {.path = path, .bytes = 1, .sha256 = {}}}) == "backup.damaged");
  }
  CHECK(parse_manifest(R"({"schema":"blindbook.backup/2"})").error().rule == "backup.version");
  CHECK(parse_manifest(R"({"schema":"another/1"})").error().rule == "backup.damaged");
  CHECK(parse_manifest("[]").error().rule == "backup.damaged");
}

TEST_CASE("a backup keeps the accounts of the ledger and forgets their requests") {
  BackupFixture fixture;
  fixture.charge("alice-of-the-test", 64);
  static_cast<void>(fixture.back_up());
  const auto copy = SqliteDatabase::open(fixture.to / "blindbook.db");
  REQUIRE(copy);
  CHECK(*copy->query_integer("SELECT count(*) FROM account") == 1);
  CHECK(*copy->query_integer("SELECT level FROM account") == std::int64_t{8'192 - 64} * 86'400);
  CHECK(*copy->query_integer("SELECT count(*) FROM request") == 0);
  CHECK(*copy->query_integer("SELECT sum(evaluations) FROM daily WHERE issuer = ''") == 64);
  CHECK(*copy->query_integer("PRAGMA user_version") == kLedgerVersion);
  CHECK(*copy->query_integer("PRAGMA freelist_count") == 0);
  // Of the folder's own nothing is gone.
  const auto own = SqliteDatabase::open(fixture.folder.ledger_path());
  CHECK(*own->query_integer("SELECT count(*) FROM request") == 1);
}

TEST_CASE("a backup is one moment of the ledger while it is charged and while a publication runs") {
  BackupFixture fixture;
  static_cast<void>(fixture.publish_rows(kRows));
  std::atomic<bool> stop = false;
  std::atomic<unsigned> charged = 0;
  // A few charges for each backup: a thread that never pauses would keep everybody else from the ledger.
  std::counting_semaphore<> tickets(0);
  std::thread charging([&] {
    const auto ledger = SqliteLedger::open(fixture.folder.ledger_path(), fixture.folder.config().allowance);
    for (unsigned i = 0; ledger; ++i) {
      tickets.acquire();
      if (stop) {
        break;
      }
      Digest digest;
      digest.mutable_view()[0] = static_cast<std::uint8_t>(i);
      digest.mutable_view()[1] = static_cast<std::uint8_t>(i >> 8U);
      charged +=
          (*ledger)->charge({"blindbook", "account-" + std::to_string(i), digest, 16}, kPublishNow) ? 1 : 0;
    }
  });
  std::thread publishing([&] {
    while (!stop) {
      static_cast<void>(fixture.publish_rows(kRows));
    }
  });
  std::vector<fs::path> made;
  for (int i = 0; i < 10 || charged < 20; ++i) {
    fixture.to = fixture.parent / ("backup-" + std::to_string(i));
    tickets.release(5);
    static_cast<void>(fixture.back_up());
    made.push_back(fixture.to);
  }
  stop = true;
  tickets.release();
  charging.join();
  publishing.join();
  for (const fs::path& one : made) {
    INFO(one);
    const Result<Backup> opened = Backup::open(one);
    REQUIRE(opened);
    // Each charge of 16 is there with the account that paid it, or not at all.
    const auto copy = SqliteDatabase::open(one / "blindbook.db");
    REQUIRE(copy);
    CHECK(*copy->query_integer("SELECT coalesce(sum(evaluations), 0) FROM daily WHERE issuer = ''") ==
          *copy->query_integer("SELECT 16 * count(*) FROM account"));
    // The log holds what is public.
    const auto published = protocol::open_announcement(*read_file(one / "public/announcement.bba", 1'000'000),
                                                       opened->config().root);
    REQUIRE(published);
    REQUIRE(opened->last());
    CHECK(published->announcement.seq <= opened->last()->announcement.seq);
    for (std::uint64_t seq = 1; seq <= opened->last()->announcement.seq; ++seq) {
      CHECK(fs::exists(one / "log" / (std::to_string(seq) + ".bba")));
    }
  }
}

TEST_CASE("levels are set below capacity and no request is remembered") {
  BackupFixture fixture;
  fixture.charge("alice", 4'096, 1);
  fixture.charge("alice", 4'096, 2);
  fixture.charge("bert", 16, 1);
  REQUIRE(reset_levels(fixture.folder.ledger_path(), fixture.folder.config().allowance));
  const auto ledger = SqliteDatabase::open(fixture.folder.ledger_path());
  CHECK(*ledger->query_integer("SELECT count(*) FROM account") == 2);
  constexpr std::int64_t kLevel = std::int64_t{16'384 - 320} * 86'400;
  CHECK(*ledger->query_integer("SELECT min(level) FROM account") == kLevel);
  CHECK(*ledger->query_integer("SELECT max(level) FROM account") == kLevel);
  CHECK(*ledger->query_integer("SELECT max(refilled_at) FROM account") ==
        static_cast<std::int64_t>(kPublishNow.value()));
  CHECK(*ledger->query_integer("SELECT count(*) FROM request") == 0);
}

TEST_CASE("a small capacity leaves nothing of the margin, and never less than nothing") {
  BackupFixture fixture;
  fixture.charge("alice", 16);
  for (const auto& [capacity, level] : {std::pair{321U, 1}, std::pair{320U, 0}, std::pair{5U, 0}}) {
    REQUIRE(reset_levels(fixture.folder.ledger_path(),
                         {.initial = 5, .capacity = capacity, .refill_per_day = 1}));
    const auto ledger = SqliteDatabase::open(fixture.folder.ledger_path());
    CHECK(*ledger->query_integer("SELECT level FROM account") == std::int64_t{level} * 86'400);
  }
}

}  // namespace
}  // namespace blindbook::service
