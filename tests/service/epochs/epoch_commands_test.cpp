#include "blindbook/service/epoch_commands.h"

#include <catch2/catch.hpp>

#include "blindbook/service/file_lock.h"

#include "tests/service/epochs/epoch_fixture.h"

namespace blindbook::service {
namespace {

TEST_CASE("an epoch announced by hand has no directory before its first publication") {
  EpochFixture fixture;
  static_cast<void>(fixture.publish_until(10));
  const protocol::Announcement before = fixture.announced();
  const auto opened =
      announce_next_epoch(fixture.folder, UnixTime(day(10).value() + 60), false, fixture.random);
  REQUIRE(opened);
  const protocol::Announcement& after = opened->announcement;
  CHECK(after.seq == before.seq + 1);
  CHECK(after.valid_until == before.valid_until);
  CHECK(after.next_publication == before.next_publication);
  REQUIRE(after.epochs.size() == 2);
  CHECK(after.epochs[0] == before.epochs[0]);
  CHECK(after.epochs[1].edition == Edition(0));
  CHECK(after.epochs[1].not_before == UnixTime(day(13).value() + 60));
  CHECK(after.epochs[1].not_after == UnixTime(day(110).value() + 60));
  CHECK(announce_next_epoch(fixture.folder, day(11), false, fixture.random).error().rule ==
        "epoch.announced");
  CHECK(fixture.refusal_at(day(12), Rotation::kOrdinary) == "epoch.not-due");
  CHECK(fixture.folder.epochs()->size() == 2);
  CHECK(fixture.publish_at(day(14), Rotation::kOrdinary).announcement.epochs.at(1).edition == Edition(1));
}

TEST_CASE("an epoch that was followed early ends with the overlap") {
  EpochFixture fixture;
  static_cast<void>(fixture.publish_until(10));
  REQUIRE(announce_next_epoch(fixture.folder, day(10), false, fixture.random));
  const protocol::Announcement both = fixture.publish_at(day(20)).announcement;
  REQUIRE(both.epochs.size() == 2);
  CHECK(both.epochs[1].not_before == day(13));
  std::vector<EpochId> ended;
  fixture.options.on_ended = [&](std::span<const EpochId> ids) { ended.assign(ids.begin(), ids.end()); };
  const PublishReport one = fixture.publish_at(day(21));
  REQUIRE(one.announcement.epochs.size() == 1);
  CHECK(one.announcement.epochs[0].id == both.epochs[1].id);
  CHECK(ended == std::vector<EpochId>{both.epochs[0].id});
  REQUIRE(one.cut_off.size() == 1);
  CHECK(one.cut_off[0].id == both.epochs[0].id);
  CHECK_FALSE(fixture.has_files(both.epochs[0].id));
}

TEST_CASE("an epoch announced by hand when it is due begins when it is due") {
  EpochFixture fixture;
  static_cast<void>(fixture.publish_until(86));
  const auto opened = announce_next_epoch(fixture.folder, day(88), false, fixture.random);
  REQUIRE(opened);
  CHECK(opened->announcement.epochs.at(1).not_before == day(90));
}

TEST_CASE("by hand, what has ended is destroyed and the rest stays") {
  EpochFixture fixture;
  const protocol::Announcement both = fixture.publish_until(96).announcement;
  REQUIRE(both.epochs.size() == 2);
  CHECK(end_epochs(fixture.folder, day(97), false)->empty());
  CHECK(*end_epochs(fixture.folder, day(98), false) == std::vector<EpochId>{both.epochs[0].id});
  CHECK_FALSE(fixture.has_files(both.epochs[0].id));
  CHECK(fixture.has_files(both.epochs[1].id));
  CHECK(end_epochs(fixture.folder, day(98), false)->empty());
}

TEST_CASE("one epoch can be ended before its time where another serves") {
  EpochFixture fixture;
  const protocol::Announcement early = fixture.publish_until(88).announcement;
  REQUIRE(early.epochs.size() == 2);
  const EpochId old = early.epochs[0].id;
  const EpochId next = early.epochs[1].id;
  CHECK(end_epoch(fixture.folder, old, day(88), false).error().rule == "epoch.last");
  const protocol::Announcement before = fixture.publish_at(day(91)).announcement;
  CHECK(end_epoch(fixture.folder, EpochId(), day(91), false).error().rule == "epoch.unknown");
  CHECK(*end_epoch(fixture.folder, old, day(91), false) == std::vector<EpochId>{old});
  const protocol::Announcement after = fixture.announced();
  CHECK(after.seq == before.seq + 1);
  CHECK(after.valid_until == before.valid_until);
  REQUIRE(after.epochs.size() == 1);
  CHECK(after.epochs[0] == before.epochs[1]);
  CHECK_FALSE(fixture.has_files(old));
  CHECK(end_epoch(fixture.folder, next, day(91), false).error().rule == "epoch.last");
  CHECK(fixture.publish_at(day(92)).announcement.epochs.at(0).edition ==
        Edition(before.epochs[1].edition.value() + 1));
}

TEST_CASE("before the first publication no epoch is followed or ended") {
  EpochFixture fixture;
  CHECK(announce_next_epoch(fixture.folder, day(0), false, fixture.random).error().rule ==
        "epoch.unpublished");
  CHECK(end_epochs(fixture.folder, day(0), false).error().rule == "epoch.unpublished");
  CHECK(fixture.folder.epochs()->size() == 1);
}

TEST_CASE("while a publication runs no epoch is announced or ended") {
  EpochFixture fixture;
  const EpochId epoch = fixture.publish_until(10).announcement.epochs.at(0).id;
  const Result<FileLock> lock = FileLock::acquire(fixture.folder.publish_lock_path(), "test.locked", "held");
  REQUIRE(lock);
  CHECK(announce_next_epoch(fixture.folder, day(10), false, fixture.random).error().rule == "publish.locked");
  CHECK(end_epochs(fixture.folder, day(10), false).error().rule == "publish.locked");
  CHECK(end_epoch(fixture.folder, epoch, day(10), false).error().rule == "publish.locked");
}

}  // namespace
}  // namespace blindbook::service
