#include "blindbook/service/daily_publication.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "tests/service/epochs/epoch_fixture.h"

namespace blindbook::service {
namespace {

constexpr std::uint64_t kHour = 3'600;

/// The first midnight after kPublishNow, and hours from there.
UnixTime hours(std::uint64_t count) {
  const std::uint64_t midnight = (kPublishNow.value() / kPublishDay + 1) * kPublishDay;
  return UnixTime(midnight + count * kHour);
}

/// A folder that publishes at 03:00, and a list that a test can take away.
struct DailyFixture : EpochFixture {
  DailyFixture() { give_list(kEpochRows); }

  void give_list(const std::string& rows) const {
    std::ofstream(parent / "daily.csv", std::ios::binary) << "number,label,discoverable\n" << rows;
  }
  [[nodiscard]] std::size_t told_of(std::string_view event) const {
    return static_cast<std::size_t>(std::count(told.begin(), told.end(), event));
  }
  [[nodiscard]] std::uint64_t seq() const { return announced().seq; }

  std::vector<std::string> told;
  DailyPublication daily{
      {.folder = parent / "data",
       .passphrase = {},
       .source = [this] { return open_subscriber_source({.source = (parent / "daily.csv").string()}); },
       .hour = *PublicationHour::parse("03:00"),
       .region = {},
       .labels = {},
       .threads = 1},
      [this](const Event& event) { told.emplace_back(event.name); },
      random};
};

TEST_CASE("an hour is four digits of a day") {
  for (const char* text : {"", "3:00", "24:00", "03:60", "03-00", "0300", "03:0a", "+3:00", "03:000"}) {
    INFO(text);
    CHECK_FALSE(PublicationHour::parse(text));
  }
  for (const char* text : {"00:00", "03:00", "23:59"}) {
    CHECK(PublicationHour::parse(text));
  }
}

TEST_CASE("the hour before and after a moment are a day apart") {
  const PublicationHour hour = *PublicationHour::parse("03:00");
  CHECK(hour.last(hours(3)) == hours(3));
  CHECK(hour.next(hours(3)) == hours(27));
  CHECK(hour.last(UnixTime(hours(27).value() - 1)) == hours(3));
  CHECK(hour.next(UnixTime(hours(27).value() - 1)) == hours(27));
  CHECK(hour.next(hours(0)) == hours(3));
}

TEST_CASE("it publishes once a day at the hour, also when nothing changed") {
  DailyFixture fixture;
  REQUIRE(fixture.daily.begin(hours(0)));
  CHECK(fixture.seq() == 1);
  // The announcement names the hour, so that clients can come after it.
  CHECK(fixture.announced().next_publication == hours(3));
  REQUIRE(fixture.daily.begin(hours(0)));
  for (const std::uint64_t day : {0U, 1U, 2U}) {
    fixture.daily.tick(UnixTime(hours(24 * day + 3).value() - 1));
    CHECK(fixture.seq() == 1 + day);
    for (int again = 0; again < 3; ++again) {
      fixture.daily.tick(hours(24 * day + 3));
      CHECK(fixture.seq() == 2 + day);
    }
    CHECK(fixture.announced().next_publication == hours(24 * day + 27));
  }
  CHECK(fixture.told_of("published") == 4);
}

TEST_CASE("a publication that was missed is made up for at once") {
  DailyFixture fixture;
  REQUIRE(fixture.daily.begin(hours(0)));
  fixture.daily.tick(hours(24 * 3 + 10));
  CHECK(fixture.seq() == 2);
  fixture.daily.tick(hours(24 * 3 + 11));
  CHECK(fixture.seq() == 2);
  CHECK(fixture.announced().next_publication == hours(24 * 4 + 3));
}

TEST_CASE("what is announced for another reason is no publication") {
  DailyFixture fixture;
  REQUIRE(fixture.daily.begin(hours(0)));
  REQUIRE(announce_next_epoch(fixture.folder, hours(4), false, fixture.random));
  REQUIRE(fixture.seq() == 2);
  fixture.daily.tick(hours(5));
  CHECK(fixture.seq() == 3);
}

TEST_CASE("a publication that fails leaves the old edition, is counted, and is tried again") {
  DailyFixture fixture;
  REQUIRE(fixture.daily.begin(hours(0)));
  fixture.give_list("nonsense,x,yes\n");
  fixture.daily.tick(hours(3));
  fixture.daily.tick(UnixTime(hours(3).value() + PublicationSchedule::kRetrySeconds - 1));
  CHECK(fixture.told_of("publish-failed") == 1);
  CHECK(read_publication_failures(fixture.folder.path())->count == 1);
  fixture.daily.tick(UnixTime(hours(3).value() + PublicationSchedule::kRetrySeconds));
  CHECK(fixture.told_of("publish-failed") == 2);
  CHECK(fixture.seq() == 1);
  CHECK(fixture.find("+493023125001") == "anna");
  const auto failures = read_publication_failures(fixture.folder.path());
  REQUIRE(failures);
  CHECK(failures->count == 2);
  CHECK(failures->rule == "publish.rows");
  CHECK(failures->last_at == UnixTime(hours(3).value() + PublicationSchedule::kRetrySeconds));

  std::filesystem::remove(fixture.parent / "daily.csv");
  fixture.daily.tick(hours(4));
  CHECK(read_publication_failures(fixture.folder.path())->rule == "file.open");
  fixture.give_list(kEpochRows);
  fixture.daily.tick(hours(5));
  CHECK(fixture.seq() == 2);
  CHECK_FALSE(read_publication_failures(fixture.folder.path()));
}

TEST_CASE("a clock that is set back does not stop the publications of the days that follow") {
  DailyFixture fixture;
  REQUIRE(fixture.daily.begin(hours(0)));
  fixture.daily.tick(hours(24 * 5 + 3));
  REQUIRE(fixture.seq() == 2);
  fixture.daily.tick(hours(24 * 4 + 4));
  CHECK(fixture.seq() == 2);
  fixture.daily.tick(hours(24 * 6 + 3));
  CHECK(fixture.seq() == 3);
}

TEST_CASE("by itself it announces, rotates and ends") {
  DailyFixture fixture;
  REQUIRE(fixture.daily.begin(hours(0)));
  const EpochId first = fixture.announced().epochs.at(0).id;
  for (std::uint64_t day = 6; day <= 102; day += 6) {
    fixture.daily.tick(hours(24 * day + 3));
  }
  CHECK(fixture.told_of("publish-failed") == 0);
  CHECK(fixture.told_of("epoch-opened") == 1);
  CHECK(fixture.told_of("epoch-destroyed") == 1);
  REQUIRE(fixture.announced().epochs.size() == 1);
  CHECK(fixture.announced().epochs[0].id != first);
  CHECK_FALSE(fixture.has_files(first));
}

TEST_CASE("a note of failures that cannot be read is none") {
  DailyFixture fixture;
  const auto note = fixture.folder.path() / "publication-failures.json";
  for (const char* text :
       {"", "[]", "{}",
        R"({"schema":"blindbook.publication-failures/2","failures":1,"last_at":1,"rule":"a"})",
        R"({"schema":"blindbook.publication-failures/1","failures":-1,"last_at":1,"rule":"a"})",
        R"({"schema":1,"failures":1,"last_at":1,"rule":"a"})"}) {
    INFO(text);
    std::ofstream(note) << text;
    CHECK_FALSE(read_publication_failures(fixture.folder.path()));
  }
}

TEST_CASE("a remembered passphrase is asked for once, and an error is not remembered") {
  int asked = 0;
  const PassphraseSource source = remembered([&asked]() -> Result<SecretBytes> {
    if (++asked == 1) {
      return bad_input("passphrase.empty", "nothing was typed");
    }
    return SecretBytes(bytes_of("a passphrase"));
  });
  CHECK(source().error().rule == "passphrase.empty");
  CHECK(text_of(source()->expose()) == "a passphrase");
  CHECK(text_of(source()->expose()) == "a passphrase");
  CHECK(asked == 2);
}

}  // namespace
}  // namespace blindbook::service
