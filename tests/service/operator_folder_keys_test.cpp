// Where the keys of a new operator go.
#include <fstream>

#include <catch2/catch.hpp>

#include "blindbook/service/atomic_file.h"

#include "tests/service/operator_folder_fixture.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using test_support::mode_of;
using Fixture = test_support::OperatorFolderFixture;

constexpr UnixTime kNow = Fixture::kNow;

TEST_CASE("the root key goes where it is asked for and nowhere else") {
  Fixture fixture;
  NewOperator options = fixture.options();
  options.root_key_out = fixture.parent / "root.key";
  const OperatorFolder folder = fixture.create(options);
  CHECK_FALSE(folder.holds_root_key());
  CHECK(mode_of(*options.root_key_out) == 0600);
  const SecretBytes file = std::move(*read_secret_file(*options.root_key_out, 1'000));
  CHECK(protocol::parse_key_file_header(file.expose())->kind == protocol::KeyKind::kRoot);
  const protocol::Ed25519SecretKey root(Secret<32>(file.expose().last<32>()));
  CHECK(root.public_key() == folder.config().root);
}

TEST_CASE("a root key is never written over a file") {
  Fixture fixture;
  NewOperator options = fixture.options();
  options.root_key_out = fixture.parent / "root.key";
  std::ofstream(*options.root_key_out) << "precious";
  CHECK(OperatorFolder::create(fixture.data, options, fixture.random).error().rule == "folder.exists");
  CHECK(fs::file_size(*options.root_key_out) == 8);
}

TEST_CASE("without another place the root key is sealed in the folder") {
  Fixture fixture;
  OperatorFolder folder = fixture.create();
  CHECK(folder.holds_root_key());
  CHECK(*folder.keys().protection_of("root") == protocol::KeyProtection::kPassphrase);
}

TEST_CASE("all keys but the token key are sealed") {
  Fixture fixture;
  OperatorFolder folder = fixture.create();
  const std::string epoch = folder.epochs()->front().hex();
  CHECK(*folder.keys().protection_of(epoch) == protocol::KeyProtection::kPassphrase);
  CHECK(*folder.keys().protection_of("announcement") == protocol::KeyProtection::kPassphrase);
  CHECK(*folder.keys().protection_of("token") == protocol::KeyProtection::kNone);
  fixture.passphrase = "another";
  CHECK(fixture.open().load_epoch_keys(kNow).error().rule == "key.passphrase");
  CHECK(fixture.open().load_token_key());
}

TEST_CASE("unsealed keys need no passphrase") {
  Fixture fixture;
  NewOperator options = fixture.options();
  options.protection = protocol::KeyProtection::kNone;
  options.passphrase = []() -> Result<SecretBytes> { return bad_input("test.passphrase", "none"); };
  static_cast<void>(fixture.create(options));
  Result<OperatorFolder> opened = OperatorFolder::open(fixture.data, options.passphrase);
  REQUIRE(opened);
  CHECK(opened->config().key_protection == protocol::KeyProtection::kNone);
  CHECK(opened->load_epoch_keys(kNow));
}

TEST_CASE("slots can live in another folder") {
  Fixture fixture;
  NewOperator options = fixture.options();
  options.slot_folder = fixture.parent / "slots";
  static_cast<void>(fixture.create(options));
  CHECK_FALSE(fs::exists(fixture.data / "slot"));
  CHECK(fixture.open().load_epoch_keys(kNow));
  fs::remove_all(*options.slot_folder);
  const auto keys = fixture.open().load_epoch_keys(kNow);
  REQUIRE_FALSE(keys);
  CHECK(keys.error().rule == "key.slot");
  CHECK(keys.error().fault == Fault::kUnavailable);
}

TEST_CASE("two operators may keep their slots in one place") {
  Fixture fixture;
  NewOperator options = fixture.options();
  options.slot_folder = fixture.parent / "slots";
  const std::string id = fixture.create(options).operator_id();
  CHECK(fs::exists(*options.slot_folder / id / "announcement.slot"));
  REQUIRE(OperatorFolder::create(fixture.parent / "second", options, fixture.random));
  CHECK(fixture.open().load_announcement_key());
  CHECK(fixture.open().load_epoch_keys(kNow));
}

}  // namespace
}  // namespace blindbook::service
