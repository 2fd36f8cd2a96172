// What an operator's folder gives, and what is done in it.
#include <chrono>
#include <fstream>
#include <optional>
#include <thread>

#include <catch2/catch.hpp>

#include "blindbook/service/atomic_file.h"
#include "blindbook/service/file_lock.h"

#include "tests/service/operator_folder_fixture.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using Fixture = test_support::OperatorFolderFixture;

constexpr UnixTime kNow = Fixture::kNow;

TEST_CASE("an epoch that has ended is not loaded") {
  Fixture fixture;
  OperatorFolder folder = fixture.create();
  const UnixTime end((*folder.load_epoch_keys(kNow)).front().not_after);
  CHECK(folder.load_epoch_keys(end)->size() == 1);
  CHECK(folder.load_epoch_keys(UnixTime(end.value() + 1))->empty());
}

TEST_CASE("epochs are loaded in the order in which they begin") {
  Fixture fixture;
  OperatorFolder folder = fixture.create();
  const Result<EpochId> later =
      folder.create_epoch(UnixTime(kNow.value() + 200), UnixTime(kNow.value() + 300), fixture.random);
  const Result<EpochId> earlier =
      folder.create_epoch(UnixTime(kNow.value() + 100), UnixTime(kNow.value() + 300), fixture.random);
  REQUIRE(later);
  REQUIRE(earlier);
  const auto keys = fixture.open().load_epoch_keys(kNow);
  REQUIRE(keys);
  REQUIRE(keys->size() == 3);
  CHECK((*keys)[1].id == *earlier);
  CHECK((*keys)[2].id == *later);
}

TEST_CASE("an epoch key of a renamed operator is refused") {
  Fixture fixture;
  OperatorFolder folder = fixture.create();
  Config config = folder.config();
  config.operator_name = "Another city";
  REQUIRE(folder.save_config(config));
  CHECK(fixture.open().load_epoch_keys(kNow).error().rule == "folder.epoch-key");
}

TEST_CASE("a new config removes what a killed write of it left") {
  Fixture fixture;
  OperatorFolder folder = fixture.create();
  std::ofstream(fixture.data / ".config.json.aB3x9Z") << "{";
  REQUIRE(folder.save_config(folder.config()));
  CHECK_FALSE(fs::exists(fixture.data / ".config.json.aB3x9Z"));
  CHECK(fixture.open().config() == folder.config());
}

TEST_CASE("of two that write the config at one time one is refused") {
  Fixture fixture;
  OperatorFolder folder = fixture.create();
  {
    const Result<FileLock> other = FileLock::acquire_folder(fixture.data, "test.locked", "held");
    REQUIRE(other);
    std::ofstream(fixture.data / ".config.json.aB3x9Z") << "of the other one";
    const Result<void> refused = folder.save_config(folder.config());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().rule == "config.locked");
    CHECK(refused.error().fault == Fault::kUnavailable);  // exit 1, so that systemd starts a worker again
    CHECK_FALSE(refused.error().hint.empty());
    CHECK(fs::exists(fixture.data / ".config.json.aB3x9Z"));
  }
  CHECK(folder.save_config(folder.config()));
}

TEST_CASE("who writes the config waits for another that is writing it") {
  Fixture fixture;
  OperatorFolder folder = fixture.create();
  std::optional<FileLock> other = FileLock::acquire_folder(fixture.data, "test.locked", "held").value();
  std::thread lets_go([&other] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    other.reset();
  });
  Config config = folder.config();
  config.public_url = "https://book.city.example";
  const Result<void> saved = folder.save_config(config);
  lets_go.join();
  CHECK(saved);
  CHECK(fixture.open().config().public_url == config.public_url);
}

TEST_CASE("destroying an epoch removes its key and directories") {
  Fixture fixture;
  OperatorFolder folder = fixture.create();
  const EpochId epoch = folder.epochs()->front();
  REQUIRE(create_folder(folder.directory_folder(epoch), FileAccess::kEveryone));
  REQUIRE(write_file_atomically(folder.directory_path(epoch, Edition(1)), {}, FileAccess::kEveryone));
  REQUIRE(folder.destroy_epoch(epoch));
  CHECK(folder.epochs()->empty());
  CHECK_FALSE(fs::exists(folder.directory_folder(epoch)));
  CHECK_FALSE(fs::exists(fixture.data / "slot" / (epoch.hex() + ".slot")));
}

TEST_CASE("a folder of something else is not opened") {
  Fixture fixture;
  CHECK(OperatorFolder::open(fixture.data, {}).error().rule == "folder.missing");
  fs::create_directory(fixture.data);
  CHECK(OperatorFolder::open(fixture.data, {}).error().rule == "folder.missing");
}

}  // namespace
}  // namespace blindbook::service
