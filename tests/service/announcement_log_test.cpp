#include "blindbook/service/announcement_log.h"

#include <filesystem>

#include "blindbook/protocol/history.h"
#include "blindbook/service/announcing.h"

#include "tests/service/publish_fixture.h"

using namespace blindbook;
using namespace blindbook::service;

namespace {

namespace fs = std::filesystem;

struct LogFixture : PublishFixture {
  protocol::OpenedAnnouncement announce() {
    publish_rows("+493023125000,a,yes\n");
    return folder.announcement().value().value();
  }
  [[nodiscard]] protocol::LogSegment shown() const {
    return protocol::parse_log(read_file(folder.public_log_path(), 1'000'000).value()).value();
  }
};

}  // namespace

TEST_CASE("every announcement adds its hash to the log that clients can fetch") {
  LogFixture world;
  for (std::uint64_t seq = 1; seq <= 4; ++seq) {
    const auto opened = world.announce();
    const protocol::LogSegment log = world.shown();
    CHECK(log.first == 1);
    CHECK(log.last() == seq);
    CHECK(log.head_at(seq) == opened.head);
    CHECK(read_file(world.folder.log_hashes_path(), 1'000'000).value() ==
          read_file(world.folder.public_log_path(), 1'000'000).value());
  }
}

TEST_CASE("the log is whole again after a crash, and after either copy was lost") {
  LogFixture world;
  world.announce();
  const Bytes after_one = read_file(world.folder.log_hashes_path(), 1'000'000).value();
  world.announce();
  const auto what = GENERATE(as<std::string>{}, "killed before the hash", "no public folder", "no hashes",
                             "damaged hashes", "killed before it was public");
  CAPTURE(what);
  if (what == "killed before the hash") {
    REQUIRE(write_file_atomically(world.folder.log_hashes_path(), after_one, FileAccess::kOwnerOnly));
  } else if (what == "no public folder") {
    fs::remove_all(world.folder.public_folder());
  } else if (what == "no hashes") {
    fs::remove(world.folder.log_hashes_path());
  } else if (what == "damaged hashes") {
    REQUIRE(write_file_atomically(world.folder.log_hashes_path(), Bytes{1, 2, 3}, FileAccess::kOwnerOnly));
  } else {
    const auto first = world.folder.log_path(1);
    fs::copy_file(first, world.folder.announcement_path(), fs::copy_options::overwrite_existing);
  }
  const auto third = world.announce();
  CHECK(third.announcement.seq == 3);
  const protocol::LogSegment log = world.shown();
  CHECK(log.first == 1);
  CHECK(log.head_at(3) == third.head);
}

TEST_CASE("where hashes and bodies were lost the log begins anew, and leads on") {
  LogFixture world;
  world.announce();
  world.announce();
  fs::remove(world.folder.log_hashes_path());
  fs::remove(world.folder.log_path(1));
  const auto third = world.announce();
  const protocol::LogSegment log = world.shown();
  CHECK(log.first == 2);
  CHECK(log.head_at(3) == third.head);
}

TEST_CASE("bodies go when all of their epochs have ended, and their heads stay") {
  LogFixture world;
  const auto first = world.announce();
  const auto second = world.announce();
  const UnixTime end = first.announcement.epochs.front().not_after;
  remove_ended_bodies(world.folder, 2, end);
  CHECK(world.folder.logged().value() == std::vector<std::uint64_t>{1, 2});
  remove_ended_bodies(world.folder, 2, UnixTime(end.value() + 1));
  CHECK(world.folder.logged().value() == std::vector<std::uint64_t>{2});
  CHECK(world.shown().head_at(1) == first.head);
  const auto third = world.announce();
  CHECK(world.shown().first == 1);
  CHECK(world.shown().head_at(3) == third.head);
  CHECK(protocol::follow(protocol::follow({}, first, kPublishNow).value().history, third, kPublishNow,
                         encode_log(world.shown().part(2, 3)))
            .value()
            .link == protocol::ChainLink::kLogged);
  CHECK(second.announcement.seq == 2);
}

TEST_CASE("a log that leads to another announcement is not used") {
  LogFixture world;
  const auto first = world.announce();
  CHECK(read_log_hashes(world.folder.public_log_path(), 1, first.head));
  CHECK_FALSE(read_log_hashes(world.folder.public_log_path(), 1, protocol::Head()));
  CHECK_FALSE(read_log_hashes(world.folder.public_log_path(), 2, first.head));
  CHECK_FALSE(read_log_hashes(world.folder.public_folder() / "none", 1, first.head));
}
