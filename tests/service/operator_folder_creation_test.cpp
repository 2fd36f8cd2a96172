// How an operator's folder comes to be, or does not.
#include <fstream>

#include <catch2/catch.hpp>

#include "blindbook/protocol/certificate.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/file_lock.h"

#include "tests/service/operator_folder_fixture.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using test_support::mode_of;
using Fixture = test_support::OperatorFolderFixture;

constexpr UnixTime kNow = Fixture::kNow;

TEST_CASE("a new folder holds everything a publication needs") {
  Fixture fixture;
  static_cast<void>(fixture.create());
  OperatorFolder folder = fixture.open();

  const Result<std::vector<protocol::EpochKey>> keys = folder.load_epoch_keys(kNow);
  REQUIRE(keys);
  REQUIRE(keys->size() == 1);
  CHECK(keys->front().not_before == kNow);
  CHECK(keys->front().not_after == UnixTime(kNow.value() + 97 * 86'400));

  const Result<protocol::Ed25519SecretKey> announcement_key = folder.load_announcement_key();
  REQUIRE(announcement_key);
  const Result<protocol::Certificate> certificate =
      protocol::open_certificate(folder.config().certificate, folder.config().root);
  REQUIRE(certificate);
  CHECK(certificate->key == announcement_key->public_key());

  const Result<protocol::Ed25519SecretKey> token_key = folder.load_token_key();
  REQUIRE(token_key);
  REQUIRE(folder.config().issuers.size() == 1);
  CHECK(folder.config().issuers.front().key == protocol::IssuerKey(token_key->public_key()));

  const Bytes pinned = *read_file(fixture.data / "public" / "operator.pub", 100);
  CHECK(*protocol::decode_operator_file(text_of(pinned)) == folder.config().root);
  CHECK(fs::exists(folder.ledger_path()));
  const auto announcement = folder.announcement();
  REQUIRE(announcement);
  CHECK_FALSE(announcement->has_value());
}

TEST_CASE("nobody but its owner can enter the folder") {
  Fixture fixture;
  SECTION("when it is new") {
    static_cast<void>(fixture.create());
  }
  SECTION("when it was there, empty and open") {
    fs::create_directory(fixture.data);
    fs::permissions(fixture.data, fs::perms::all);
    static_cast<void>(fixture.create());
  }
  CHECK(mode_of(fixture.data) == 0700);
  CHECK(mode_of(fixture.data / "keys") == 0700);
  for (const fs::directory_entry& entry : fs::directory_iterator(fixture.data / "keys")) {
    CHECK(mode_of(entry.path()) == 0600);
  }
}

TEST_CASE("a folder that is not empty is left alone") {
  Fixture fixture;
  fs::create_directory(fixture.data);
  std::ofstream(fixture.data / "letter") << "text";
  const Result<OperatorFolder> created =
      OperatorFolder::create(fixture.data, fixture.options(), fixture.random);
  REQUIRE_FALSE(created);
  CHECK(created.error().rule == "folder.exists");
  CHECK(fs::exists(fixture.data / "letter"));
  CHECK_FALSE(fs::exists(fixture.data / "keys"));
}

TEST_CASE("a failed creation leaves nothing behind") {
  Fixture fixture;
  NewOperator options = fixture.options();
  options.passphrase = []() -> Result<SecretBytes> { return bad_input("test.passphrase", "none"); };
  const Result<OperatorFolder> created = OperatorFolder::create(fixture.data, options, fixture.random);
  REQUIRE_FALSE(created);
  CHECK(created.error().rule == "test.passphrase");
  CHECK_FALSE(fs::exists(fixture.data));
}

TEST_CASE("a failed creation removes nothing that it did not make") {
  Fixture fixture;
  NewOperator options = fixture.options();
  options.slot_folder = fixture.parent / "slots";
  options.root_key_out = fixture.parent / "root.key";
  bool other_file = false;
  options.passphrase = [&]() -> Result<SecretBytes> {
    if (other_file) {
      std::ofstream(fixture.data / "letter") << "text";
    }
    return bad_input("test.passphrase", "none");
  };
  fs::create_directory(fixture.data);
  fs::create_directory(*options.slot_folder);
  SECTION("an empty folder") {}
  SECTION("a file that came meanwhile") {
    other_file = true;
  }
  CHECK(OperatorFolder::create(fixture.data, options, fixture.random).error().rule == "test.passphrase");
  CHECK(fs::is_directory(fixture.data));
  CHECK(fs::is_empty(*options.slot_folder));
  CHECK_FALSE(fs::exists(*options.root_key_out));
  CHECK(fs::exists(fixture.data / "letter") == other_file);
  CHECK_FALSE(fs::exists(fixture.data / "keys"));
}

TEST_CASE("an empty folder that another run is making is left to it") {
  Fixture fixture;
  fs::create_directory(fixture.data);
  {
    const Result<FileLock> other = FileLock::acquire_folder(fixture.data, "test.locked", "held");
    REQUIRE(other);
    CHECK(OperatorFolder::create(fixture.data, fixture.options(), fixture.random).error().rule ==
          "folder.exists");
    CHECK(fs::is_empty(fixture.data));
  }
  static_cast<void>(fixture.create());
}

TEST_CASE("a creation that comes second leaves the first one alone") {
  Fixture fixture;
  NewOperator options = fixture.options();
  std::string_view second;
  options.passphrase = [&]() -> Result<SecretBytes> {
    // The first one has begun, and asks.
    if (second.empty()) {
      const Result<OperatorFolder> other =
          OperatorFolder::create(fixture.data, fixture.options(), fixture.random);
      second = other ? "none" : other.error().rule;
    }
    return SecretBytes(bytes_of(fixture.passphrase));
  };
  static_cast<void>(fixture.create(options));
  CHECK(second == "folder.exists");
  CHECK(fixture.open().load_epoch_keys(kNow));
}

TEST_CASE("what a killed creation has left is said to be that") {
  Fixture fixture;
  static_cast<void>(fixture.create());
  fs::remove(fixture.data / "config.json");  // written last
  const auto created = [&] {
    return OperatorFolder::create(fixture.data, fixture.options(), fixture.random);
  };
  CHECK(created().error().rule == "folder.unfinished");
  CHECK(created().error().hint.find("remove " + fixture.data.string()) != std::string::npos);
  CHECK(fs::exists(fixture.data / "keys"));

  SECTION("but not where something was published") {
    std::ofstream(fixture.data / "log" / "1.bba") << "announcement";
    CHECK(created().error().rule == "folder.exists");
  }
  SECTION("nor where there is a config") {
    std::ofstream(fixture.data / "config.json") << "{}";
    CHECK(created().error().rule == "folder.exists");
  }
  SECTION("nor while another run is making it") {
    const Result<FileLock> other = FileLock::acquire_folder(fixture.data, "test.locked", "held");
    REQUIRE(other);
    CHECK(created().error().rule == "folder.exists");
  }
}

TEST_CASE("a file is no folder to create") {
  Fixture fixture;
  std::ofstream(fixture.data) << "";
  const Result<OperatorFolder> created =
      OperatorFolder::create(fixture.data, fixture.options(), fixture.random);
  REQUIRE_FALSE(created);
  CHECK(created.error().fault == Fault::kBadInput);
  CHECK(created.error().rule == "folder.exists");
  CHECK(fs::is_regular_file(fixture.data));
}

TEST_CASE("an operator's name that cannot be shown is refused") {
  Fixture fixture;
  NewOperator options = fixture.options();
  options.name = "a\nb";
  CHECK(OperatorFolder::create(fixture.data, options, fixture.random).error().rule == "operator.name");
}

TEST_CASE("a suite that this program lacks is refused before anything is made") {
  Fixture fixture;
  NewOperator options = fixture.options();
  options.suite = SuiteId::kP256Sha256;
  CHECK(OperatorFolder::create(fixture.data, options, fixture.random).error().rule == "folder.suite");
  CHECK_FALSE(fs::exists(fixture.data));
}

TEST_CASE("keys that cannot be listed are not taken for none") {
  Fixture fixture;
  OperatorFolder folder = fixture.create();
  fs::remove_all(fixture.data / "keys");
  const auto keys = folder.load_epoch_keys(kNow);
  REQUIRE_FALSE(keys);
  CHECK(keys.error().rule == "file.read");
  CHECK(keys.error().fault == Fault::kUnavailable);
}

}  // namespace
}  // namespace blindbook::service
