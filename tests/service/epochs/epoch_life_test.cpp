#include "blindbook/service/epoch_life.h"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "blindbook/service/audit.h"

#include "tests/service/epochs/epoch_fixture.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using protocol::AnnouncedEpoch;

TEST_CASE("the next epoch is announced 3 days ahead and begins 90 days after the one before") {
  EpochFixture fixture;
  const EpochId first = fixture.publish_until(86).announcement.epochs.at(0).id;
  fixture.options.now = UnixTime(day(87).value() - 1);
  CHECK(fixture.publish_rows(kEpochRows).announcement.epochs.size() == 1);

  const PublishReport report = fixture.publish_at(day(87));
  REQUIRE(report.announcement.epochs.size() == 2);
  const AnnouncedEpoch& next = report.announcement.epochs[1];
  CHECK(report.announcement.epochs[0].id == first);
  CHECK(report.opened == std::vector<EpochId>{next.id});
  CHECK(next.not_before == day(90));
  CHECK(next.not_after == day(187));
  CHECK(report.announcement.epochs[0].not_after == day(97));
  // The list is at hand, so that its first directory is written at once.
  CHECK(next.edition == Edition(1));
  CHECK(fixture.find("+493023125001", 1) == "anna");
  CHECK(fixture.publish_at(day(88)).opened.empty());
}

TEST_CASE("in the overlap every publication writes both directories, and afterwards one") {
  EpochFixture fixture;
  static_cast<void>(fixture.publish_until(95));
  fixture.options.now = day(96);
  const PublishReport both = fixture.publish_rows("+493023125003,carla,yes\n");
  REQUIRE(both.announcement.epochs.size() == 2);
  for (const std::size_t i : {0U, 1U}) {
    CHECK(fixture.find("+493023125003", i) == "carla");
    CHECK_FALSE(fixture.find("+493023125001", i));
    CHECK(both.announcement.epochs[i].entries == 1);
  }
  CHECK(fixture.publish_at(day(97)).announcement.epochs.size() == 2);

  std::vector<EpochId> ended;
  fixture.options.on_ended = [&](std::span<const EpochId> ids) {
    ended.insert(ended.end(), ids.begin(), ids.end());
  };
  const PublishReport later = fixture.publish_at(UnixTime(day(97).value() + 1));
  REQUIRE(later.announcement.epochs.size() == 1);
  CHECK(ended == std::vector<EpochId>{both.announcement.epochs[0].id});
  CHECK_FALSE(fixture.has_files(ended.at(0)));
  CHECK(later.cut_off.empty());
  fixture.last_day = 97;
  CHECK(fixture.publish_until(177).announcement.epochs.size() == 2);
}

TEST_CASE("a publication that comes late opens the next epoch at its own time, or at once when none lives") {
  EpochFixture fixture;
  static_cast<void>(fixture.publish_until(85));
  SECTION("inside the overlap") {
    const protocol::Announcement late = fixture.publish_at(day(93)).announcement;
    REQUIRE(late.epochs.size() == 2);
    CHECK(late.epochs[1].not_before == day(90));
  }
  SECTION("after the end") {
    const protocol::Announcement late = fixture.publish_at(day(98)).announcement;
    REQUIRE(late.epochs.size() == 1);
    CHECK(late.epochs[0].not_before == day(98));
    CHECK(late.epochs[0].edition == Edition(1));
  }
}

TEST_CASE("an epoch that ended unpublished gives way to one that begins now") {
  EpochFixture fixture;
  const protocol::Announcement first = fixture.publish_at(day(120)).announcement;
  REQUIRE(first.epochs.size() == 1);
  CHECK(first.epochs[0].not_before == day(120));
  CHECK(fixture.folder.epochs()->size() == 1);
}

TEST_CASE("an ordinary rotation is refused until the next epoch has begun") {
  EpochFixture fixture;
  static_cast<void>(fixture.publish_until(80));
  const std::size_t keys = fixture.folder.epochs()->size();
  CHECK(fixture.refusal_at(day(80), Rotation::kOrdinary) == "epoch.not-due");
  CHECK(fixture.refusal_at(day(89), Rotation::kOrdinary) == "epoch.not-due");
  CHECK(fixture.folder.epochs()->size() == keys);
  const PublishReport rotated = fixture.publish_at(day(90), Rotation::kOrdinary);
  REQUIRE(rotated.announcement.epochs.size() == 2);
  CHECK(rotated.announcement.epochs[1].edition == Edition(1));
}

TEST_CASE("an emergency cuts every epoch off at once and says which") {
  EpochFixture fixture;
  const protocol::Announcement before = fixture.publish_until(88).announcement;
  REQUIRE(before.epochs.size() == 2);
  const PublishReport report = fixture.publish_at(UnixTime(day(88).value() + 5), Rotation::kEmergency);
  REQUIRE(report.announcement.epochs.size() == 1);
  const AnnouncedEpoch& next = report.announcement.epochs[0];
  CHECK(next.not_before == UnixTime(day(88).value() + 5));
  CHECK(next.not_after == UnixTime(day(185).value() + 5));
  CHECK(report.announcement.seq == before.seq + 1);
  REQUIRE(report.cut_off.size() == 2);
  for (const AnnouncedEpoch& cut : report.cut_off) {
    CHECK_FALSE(fixture.has_files(cut.id));
  }
  CHECK(fixture.folder.epochs() == std::vector<EpochId>{next.id});
  CHECK(fixture.publish_at(day(89)).announcement.epochs.size() == 1);
}

TEST_CASE("after an emergency labels may be published in another way") {
  EpochFixture fixture;
  fixture.options.labels.label_bytes = 32;
  static_cast<void>(fixture.publish_at(day(0)));
  fixture.options.labels.label_bytes = 40;
  CHECK(fixture.refusal_at(day(1)) == "publish.labels");
  CHECK(fixture.publish_at(day(1), Rotation::kEmergency).announcement.epochs.at(0).label_bytes == 40);
}

TEST_CASE("a key that is gone stops the publication, and an emergency goes on without it") {
  EpochFixture fixture;
  const EpochId epoch = fixture.publish_until(88).announcement.epochs.at(GENERATE(0U, 1U)).id;
  REQUIRE(fixture.folder.keys().destroy(epoch.hex()));
  CHECK(fixture.refusal_at(day(89)) == "epoch.key");
  CHECK(fixture.publish_at(day(89), Rotation::kEmergency).announcement.epochs.size() == 1);
}

/// What a run that was killed has left is gone after the next publication, and nothing else.
TEST_CASE("the next publication sweeps what a killed one left") {
  EpochFixture fixture;
  static_cast<void>(fixture.publish_until(95));
  const std::vector<AnnouncedEpoch> before = fixture.announced().epochs;
  REQUIRE(before.size() == 2);
  SECTION("a key that nobody was told of") {
    const auto stray = fixture.folder.open_epoch(day(95), fixture.random);
    REQUIRE(stray);
    CHECK(fixture.publish_at(day(96)).announcement.epochs.size() == 2);
    CHECK_FALSE(fixture.has_files(*stray));
  }
  SECTION("folders of an epoch whose key went first") {
    REQUIRE(fixture.folder.keys().destroy(before[0].id.hex()));
    CHECK(fs::exists(fixture.folder.directory_folder(before[0].id)));
    // Its end has passed, so that nobody misses the key.
    CHECK(fixture.publish_at(day(98)).announcement.epochs.size() == 1);
    CHECK_FALSE(fixture.has_files(before[0].id));
  }
  SECTION("folders of an epoch that is announced no more") {
    static_cast<void>(fixture.publish_at(day(98)));
    const fs::path stray = fixture.folder.directory_path(before[0].id, Edition(7));
    REQUIRE(create_folder(stray.parent_path(), FileAccess::kEveryone));
    REQUIRE(write_file_atomically(stray, bytes_of("left"), FileAccess::kEveryone));
    const fs::path foreign = fixture.folder.public_folder() / "directory" / "readme";
    std::ofstream(foreign) << "the operator's own";
    static_cast<void>(fixture.publish_at(day(99)));
    CHECK_FALSE(fixture.has_files(before[0].id));
    CHECK(fs::exists(foreign));
  }
  const protocol::Announcement after = fixture.announced();
  CHECK(after.epochs.back().id == before[1].id);
  CHECK(fixture.find("+493023125001", after.epochs.size() - 1) == "anna");
}

TEST_CASE("an emergency that was cut off between log and public folder is finished by the next publication") {
  EpochFixture fixture;
  static_cast<void>(fixture.publish_until(10));
  const Bytes seen = *read_file(fixture.folder.announcement_path(), 100'000);
  const EpochId old = fixture.announced().epochs.at(0).id;
  const auto copies = {fs::path("keys"), fs::path("public")};
  for (const fs::path& name : copies) {
    fs::copy(fixture.folder.path() / name, fixture.parent / name.string(), fs::copy_options::recursive);
  }
  const EpochId next = fixture.publish_at(day(11), Rotation::kEmergency).announcement.epochs.at(0).id;
  // As if it had been killed when the log was written.
  for (const fs::path& name : copies) {
    fs::copy(fixture.parent / name.string(), fixture.folder.path() / name,
             fs::copy_options::recursive | fs::copy_options::skip_existing);
  }
  REQUIRE(write_file_atomically(fixture.folder.announcement_path(), seen, FileAccess::kEveryone));
  SECTION("what is served stays whole while nothing is published") {
    fixture.options.rotation = Rotation::kWhenDue;
    CHECK(fixture.try_publish("nonsense,x,yes\n").error().rule == "publish.rows");
    CHECK(fixture.folder.keys().contains(old.hex()));
    CHECK(fs::exists(fixture.folder.directory_folder(old)));
  }
  const PublishReport report = fixture.publish_at(day(11));
  REQUIRE(report.announcement.epochs.size() == 1);
  CHECK(report.announcement.epochs[0].id == next);
  CHECK_FALSE(fixture.has_files(old));
}

TEST_CASE("an epoch whose slot is gone already is destroyed when it has ended") {
  test_support::TemporaryFolder parent;
  test_support::DeterministicRandom random{3};
  const NewOperator options{
      .name = "Stadt Musterhausen",
      .passphrase = [] { return Result<SecretBytes>(SecretBytes(bytes_of("a passphrase"))); },
      .root_key_out = {},
      .slot_folder = {},
      .public_url = {},
      .cost = {.log2_n = 10, .r = 8, .p = 1},
      .now = kPublishNow};
  auto folder = OperatorFolder::create(parent / "data", options, random);
  REQUIRE(folder);
  const protocol::EpochKey key = std::move(folder->load_epoch_keys(kPublishNow)->front());
  protocol::Announcement announced;
  announced.epochs = {{.id = key.id,
                       .public_key = key.keys.public_key,
                       .not_before = key.not_before,
                       .not_after = key.not_after}};
  REQUIRE(remove_file(parent / "data/slot" / (key.id.hex() + ".slot")));
  CHECK(load_announced_keys(*folder, announced, key.not_after).error().rule == "key.slot");
  CHECK(destroy_ended_epochs(*folder, announced, key.not_after)->empty());
  CHECK(*destroy_ended_epochs(*folder, announced, UnixTime(key.not_after.value() + 1)) ==
        std::vector<EpochId>{key.id});
  CHECK(destroy_ended_epochs(*folder, announced, UnixTime(key.not_after.value() + 1))->empty());
  CHECK(folder->epochs()->empty());
}

TEST_CASE("the end of an epoch is in the audit trail") {
  EpochFixture fixture;
  static_cast<void>(fixture.publish_until(96));
  REQUIRE(destroy_ended_epochs(fixture.folder, fixture.announced(), day(98))->size() == 1);
  const AuditTrail trail = examine_audit_trail(text_of(*read_audit_trail(fixture.folder.audit_path())));
  CHECK(trail.last->command == "epoch end");
  CHECK(trail.last->counts == AuditCounts{{"epochs", 1}});
  CHECK(trail.last->at == day(98));
  // Once is enough, however often the next publication and the service look.
  REQUIRE(destroy_ended_epochs(fixture.folder, fixture.announced(), day(98))->empty());
  CHECK(examine_audit_trail(text_of(*read_audit_trail(fixture.folder.audit_path()))).entries ==
        trail.entries);
}

TEST_CASE("an audit trail that cannot be written keeps no ended epoch alive") {
  EpochFixture fixture;
  const EpochId old = fixture.publish_until(96).announcement.epochs.at(0).id;
  fs::remove(fixture.folder.audit_path());
  fs::create_directory(fixture.folder.audit_path());
  CHECK(destroy_ended_epochs(fixture.folder, fixture.announced(), day(98)).error().rule == "file.write");
  CHECK_FALSE(fixture.has_files(old));
}

TEST_CASE("an emergency, and what is done by hand, is in the audit trail by its name") {
  EpochFixture fixture;
  static_cast<void>(fixture.publish_at(day(1)));
  const auto last_command = [&] {
    return examine_audit_trail(text_of(*read_audit_trail(fixture.folder.audit_path()))).last->command;
  };
  REQUIRE(announce_next_epoch(fixture.folder, day(1), false, fixture.random));
  CHECK(last_command() == "epoch announce");
  static_cast<void>(fixture.publish_at(day(5), Rotation::kOrdinary));
  CHECK(last_command() == "epoch rotate");
  REQUIRE(end_epoch(fixture.folder, fixture.announced().epochs.at(0).id, day(6), false));
  CHECK(last_audit_entry(fixture.folder.audit_path(), "epoch end --epoch")->value().at == day(6));
  CHECK(last_command() == "epoch end");
  static_cast<void>(fixture.publish_at(day(7), Rotation::kEmergency));
  CHECK(last_audit_entry(fixture.folder.audit_path(), "epoch rotate --emergency")->value().at == day(7));
}

TEST_CASE("a clock that disagrees with the last announcement publishes nothing and destroys nothing") {
  EpochFixture fixture;
  const PublishReport last = fixture.publish_until(94);
  const UnixTime latest(last.announcement.valid_until.value() + kLongestSilence);
  const UnixTime earliest(day(94).value() - protocol::kClockTolerance);
  CHECK(fixture.refusal_at(UnixTime(latest.value() + 1)) == "publish.clock");
  CHECK(fixture.refusal_at(UnixTime(earliest.value() - 1)) == "publish.clock");
  CHECK(fixture.refusal_at(UnixTime(latest.value() + 1), Rotation::kEmergency) == "publish.clock");
  CHECK(end_epochs(fixture.folder, UnixTime(latest.value() + 1), false).error().rule == "publish.clock");
  CHECK(fixture.folder.epochs()->size() == 2);
  CHECK(fixture.announced() == last.announcement);
  SECTION("within the tolerance it publishes") {
    fixture.options.now = GENERATE_COPY(earliest, latest);
    CHECK(fixture.publish_rows(kEpochRows).announcement.seq == last.announcement.seq + 1);
  }
  SECTION("and so does a clock that a person has confirmed") {
    fixture.options.clock_confirmed = true;
    CHECK(fixture.publish_at(day(30)).announcement.seq == last.announcement.seq + 1);
    CHECK(fixture.publish_at(day(400 - 5)).announcement.epochs.size() == 1);
  }
}

}  // namespace
}  // namespace blindbook::service
