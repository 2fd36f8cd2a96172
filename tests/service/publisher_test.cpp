#include "blindbook/service/publisher.h"

#include <algorithm>
#include <filesystem>

#include <catch2/catch.hpp>

#include "blindbook/service/atomic_file.h"
#include "blindbook/service/audit.h"
#include "blindbook/service/file_lock.h"

#include "tests/service/publish_fixture.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using protocol::AnnouncedEpoch;
using protocol::LabelMode;

TEST_CASE("a published subscriber is found with the label") {
  PublishFixture fixture;
  const PublishReport report = fixture.publish_rows(
      "+493023125001,@anna:city.example,yes\n"
      "+49 (0)30 23125-002,@bert:city.example,true\n");
  CHECK(report.well_formed == 2);
  CHECK(report.published == 2);
  CHECK(report.rejected == 0);
  CHECK(fixture.find("+493023125001") == "@anna:city.example");
  CHECK(fixture.find("+493023125002") == "@bert:city.example");
  CHECK_FALSE(fixture.find("+493023125003"));
}

TEST_CASE("an edition counts publications and the chain links them") {
  PublishFixture fixture;
  const PublishReport first = fixture.publish_rows("+493023125001,a,yes\n");
  CHECK(first.announcement.seq == 1);
  CHECK(first.announcement.epochs.front().edition == Edition(1));
  CHECK(first.announcement.previous_head == protocol::Head());
  CHECK(first.announcement.valid_until == UnixTime(kPublishNow.value() + 7 * kPublishDay));
  CHECK(first.announcement.next_publication == UnixTime(kPublishNow.value() + kPublishDay));

  const PublishReport second = fixture.publish_rows("+493023125002,b,yes\n");
  CHECK(second.announcement.seq == 2);
  CHECK(second.announcement.epochs.front().edition == Edition(2));
  CHECK(second.announcement.previous_head == first.head);
  CHECK_FALSE(fixture.find("+493023125001"));
  CHECK(fixture.find("+493023125002"));
}

TEST_CASE("the announcement is logged and the old directory is gone") {
  PublishFixture fixture;
  const EpochId epoch = fixture.publish_rows("+493023125001,a,yes\n").announcement.epochs.front().id;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  CHECK(fixture.editions_on_disk(epoch) == 1);
  CHECK(fs::exists(fixture.folder.log_path(1)));
  CHECK(*read_file(fixture.folder.log_path(2), 100'000) ==
        *read_file(fixture.folder.announcement_path(), 100'000));
}

TEST_CASE("a publication is in the audit trail with counts alone") {
  PublishFixture fixture;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n+493023125002,b,no\n030 23125003,c,yes\n"));
  const std::optional<AuditEntry> entry = *last_audit_entry(fixture.folder.audit_path(), "publish");
  REQUIRE(entry);
  CHECK(entry->at == kPublishNow);
  CHECK(entry->counts ==
        AuditCounts{{"announcement", 1}, {"epochs", 1}, {"published", 1}, {"rejected", 1}, {"rows", 3}});
}

TEST_CASE("a publication without an entry in the audit trail does not take effect") {
  PublishFixture fixture;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  const fs::path trail = fixture.folder.audit_path();
  fs::rename(trail, fixture.parent / "kept");
  fs::create_directory(trail);
  CHECK_FALSE(fixture.try_publish("+493023125002,b,yes\n"));
  CHECK(fixture.find("+493023125001"));
  CHECK_FALSE(fs::exists(fixture.folder.log_path(2)));
  fs::remove(trail);
  fs::rename(fixture.parent / "kept", trail);
  CHECK(fixture.publish_rows("+493023125002,b,yes\n").announcement.seq == 2);
}

TEST_CASE("a publication that fails behind its entry has another with the same number") {
  PublishFixture fixture;
  const fs::path log = fixture.folder.log_path(1).parent_path();
  fs::remove(log);
  CHECK(fixture.try_publish("+493023125001,a,yes\n").error().rule == "file.write");
  fs::create_directory(log);
  CHECK(fixture.publish_rows("+493023125001,a,yes\n").announcement.seq == 1);
  const AuditTrail trail = examine_audit_trail(text_of(*read_audit_trail(fixture.folder.audit_path())));
  CHECK_FALSE(trail.broken);
  CHECK(trail.commands.at("publish").times == 2);
  CHECK(trail.last->counts.at("announcement") == 1);
}

TEST_CASE("a publication follows the log when the public folder was lost") {
  PublishFixture fixture;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  const PublishReport second = fixture.publish_rows("+493023125001,a,yes\n");
  const Bytes logged = *read_file(fixture.folder.log_path(1), 100'000);
  SECTION("the announcement alone") {
    fs::remove(fixture.folder.announcement_path());
  }
  SECTION("the whole folder") {
    fs::remove_all(fixture.folder.public_folder());
  }
  SECTION("an announcement that is damaged") {
    REQUIRE(write_file_atomically(fixture.folder.announcement_path(), bytes_of("damaged"),
                                  FileAccess::kEveryone));
  }
  SECTION("a crash before the announcement was replaced") {
    REQUIRE(write_file_atomically(fixture.folder.announcement_path(), logged, FileAccess::kEveryone));
  }
  const PublishReport third = fixture.publish_rows("+493023125002,b,yes\n");
  CHECK(third.announcement.seq == 3);
  CHECK(third.announcement.previous_head == second.head);
  CHECK(third.announcement.epochs.front().edition == Edition(3));
  CHECK(*read_file(fixture.folder.log_path(1), 100'000) == logged);
  CHECK(fs::exists(fixture.folder.public_folder() / "operator.pub"));
  CHECK(fixture.find("+493023125002") == "b");
}

TEST_CASE("a log that lacks or contradicts what is public stops the publication") {
  PublishFixture fixture;
  const fs::path first = fixture.folder.log_path(1);
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  const Bytes logged = *read_file(first, 100'000);
  SECTION("shorter") {
    fs::remove(first);
    const Result<PublishReport> refused = fixture.try_publish("+493023125001,a,yes\n");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::kBadInput);
    CHECK(refused.error().rule == "publish.log");
    CHECK(refused.error().hint.find(first.string()) != std::string::npos);
    fs::copy_file(fixture.folder.announcement_path(), first);
    CHECK(fixture.publish_rows("+493023125001,a,yes\n").announcement.seq == 2);
  }
  SECTION("another announcement of the same number") {
    fs::rename(first, fixture.parent / "kept");
    fs::remove(fixture.folder.announcement_path());
    fixture.options.now = UnixTime(kPublishNow.value() + 1);
    static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
    fs::rename(fixture.parent / "kept", first);
    CHECK(fixture.try_publish("+493023125001,a,yes\n").error().rule == "publish.log");
    CHECK(*read_file(first, 100'000) == logged);
  }
  SECTION("damaged") {
    REQUIRE(write_file_atomically(first, bytes_of("damaged"), FileAccess::kOwnerOnly));
    CHECK(fixture.try_publish("+493023125001,a,yes\n").error().rule == "folder.log");
  }
}

TEST_CASE("how labels are published stays as the first publication fixed it") {
  PublishFixture fixture;
  fixture.options.labels.label_bytes = 32;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  fixture.options.labels = {};
  CHECK(fixture.publish_rows("+493023125001,a,yes\n").announcement.epochs.front().label_bytes == 32);
  fixture.options.labels.label_bytes = 40;
  const Result<PublishReport> refused = fixture.try_publish("+493023125001,a,yes\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "publish.labels");
}

TEST_CASE("a list whose rows are all rejected leaves the old edition") {
  PublishFixture fixture;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  const Bytes before = *read_file(fixture.folder.announcement_path(), 100'000);
  for (const char* rows : {"nonsense,a,yes\n", "+493023125002,a,yes\n+493023125002,a,yes\n"}) {
    const Result<PublishReport> refused = fixture.try_publish(rows);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == Fault::kBadInput);
    CHECK(refused.error().rule == "publish.rows");
  }
  CHECK(*read_file(fixture.folder.announcement_path(), 100'000) == before);
  CHECK(fixture.find("+493023125001"));
}

TEST_CASE("well-formed rows of which none is discoverable make an empty edition") {
  PublishFixture fixture;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  const PublishReport report = fixture.publish_rows("+493023125001,a,no\n");
  CHECK(report.announcement.epochs.front().edition == Edition(2));
  CHECK(report.announcement.epochs.front().entries == 0);
  CHECK_FALSE(fixture.find("+493023125001"));
}

TEST_CASE("the last one who withdraws or whose row goes leaves an empty edition") {
  for (const char* rows : {"+493023125001,a,no\n", ""}) {
    PublishFixture fixture;
    static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
    const AnnouncedEpoch epoch = fixture.publish_rows(rows).announcement.epochs.front();
    CHECK(epoch.edition == Edition(2));
    CHECK(epoch.entries == 0);
    CHECK_FALSE(fixture.find("+493023125001"));
    CHECK(fixture.editions_on_disk(epoch.id) == 1);
  }
}

TEST_CASE("strictly one bad row leaves the old edition") {
  PublishFixture fixture;
  static_cast<void>(fixture.publish_rows("+493023125001,a,yes\n"));
  fixture.options.strict = true;
  const Result<PublishReport> refused = fixture.try_publish("+493023125002,a,yes\nnonsense,b,yes\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::kBadInput);
  CHECK(refused.error().rule == "publish.strict");
  CHECK(fixture.faults().front().first == 3);
  CHECK(fixture.find("+493023125001"));
  CHECK(fixture.publish_rows("+493023125002,a,yes\n").published == 1);
}

TEST_CASE("the second of two publications at once is refused") {
  PublishFixture fixture;
  const Result<FileLock> lock = FileLock::acquire(fixture.folder.publish_lock_path(), "test.locked", "held");
  REQUIRE(lock);
  const Result<PublishReport> refused = fixture.try_publish("+493023125001,a,yes\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::kBadInput);
  CHECK(refused.error().rule == "publish.locked");
}

TEST_CASE("an expired certificate stops the publication") {
  PublishFixture fixture;
  fixture.options.now = UnixTime(kPublishNow.value() + 401 * kPublishDay);
  const Result<PublishReport> refused = fixture.try_publish("+493023125001,a,yes\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "publish.certificate");
}

/// The directory of a publication without its edition, the only thing in which two of the same rows may differ.
Bytes directory_without_edition(PublishFixture& fixture, const std::string& rows) {
  const AnnouncedEpoch epoch = fixture.publish_rows(rows).announcement.epochs.front();
  Bytes file = *read_file(fixture.folder.directory_path(epoch.id, epoch.edition), 1'000'000);
  std::fill(file.begin() + 26, file.begin() + 30, std::uint8_t{0});
  return file;
}

TEST_CASE("the same list gives the same rows in another order of lines") {
  PublishFixture fixture;
  CHECK(directory_without_edition(fixture, "+493023125001,a,yes\n+493023125002,b,yes\n") ==
        directory_without_edition(fixture, "+493023125002,b,yes\n+493023125001,a,yes\n"));
}

TEST_CASE("a directory does not depend on how many threads made it") {
  PublishFixture fixture;
  std::string rows;
  for (int i = 0; i < 2'000; ++i) {
    rows += "+49176040" + std::to_string(100'000 + i) + ",label " + std::to_string(i) + ",yes\n";
  }
  std::vector<Bytes> files;
  for (const unsigned threads : {1U, 2U, 3U}) {
    fixture.pool.emplace(threads, 16U);
    files.push_back(directory_without_edition(fixture, rows));
  }
  CHECK(files[0].size() > 2'000 * 24);
  CHECK(files[1] == files[0]);
  CHECK(files[2] == files[0]);
}

TEST_CASE("a list longer than a slice is published whole and its progress told") {
  PublishFixture fixture;
  fixture.options.labels.mode = LabelMode::kNone;
  std::string rows;
  const std::size_t count = SubscriberList::kSliceRows + 100;
  for (std::size_t i = 0; i < count; ++i) {
    // One row in a hundred is published, so that the test costs little.
    rows += "+49176040" + std::to_string(100'000 + i) + ",x," + (i % 100 == 0 ? "yes" : "no") + "\n";
  }
  std::uint64_t read = 0;
  std::uint64_t evaluated = 0;
  fixture.options.progress = [&](PublishPhase phase, std::uint64_t done, std::uint64_t total) {
    std::uint64_t& last = phase == PublishPhase::kReading ? read : evaluated;
    CHECK(done >= last);
    CHECK(done <= total);
    last = done;
  };
  const PublishReport report = fixture.publish_rows(rows);
  CHECK(report.well_formed == count);
  CHECK(report.published == (count + 99) / 100);
  CHECK(report.announcement.epochs.front().entries == report.published);
  CHECK(read == fs::file_size(fixture.parent / "list.csv"));
  CHECK(evaluated == count);
}

}  // namespace
}  // namespace blindbook::service
