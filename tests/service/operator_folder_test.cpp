#include "blindbook/service/operator_folder.h"

#include <fstream>

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "blindbook/protocol/certificate.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/file_lock.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using test_support::DeterministicRandom;
using test_support::TemporaryFolder;

constexpr UnixTime kNow{1'800'000'000};

struct Fixture {
  TemporaryFolder parent;
  fs::path data = parent / "data";
  DeterministicRandom random{11};
  std::string passphrase = "a passphrase";

  [[nodiscard]] PassphraseSource source() const {
    return [this]() -> Result<SecretBytes> { return SecretBytes(bytes_of(passphrase)); };
  }
  [[nodiscard]] NewOperator options() const {
    return {.name = "Stadt Musterhausen",
            .passphrase = source(),
            .root_key_out = {},
            .slot_folder = {},
            .public_url = {},
            .cost = {.log2_n = 10, .r = 8, .p = 1},
            .now = kNow};
  }
  OperatorFolder create(const NewOperator& options) {
    Result<OperatorFolder> created = OperatorFolder::create(data, options, random);
    REQUIRE(created);
    return std::move(*created);
  }
  OperatorFolder create() { return create(options()); }
  [[nodiscard]] OperatorFolder open() const {
    Result<OperatorFolder> opened = OperatorFolder::open(data, source());
    REQUIRE(opened);
    return std::move(*opened);
  }
};

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

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
  CHECK(folder.config().issuers.front().key == token_key->public_key());

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
    CHECK_FALSE(refused.error().hint.empty());
    CHECK(fs::exists(fixture.data / ".config.json.aB3x9Z"));
  }
  CHECK(folder.save_config(folder.config()));
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

TEST_CASE("epochs that have ended are destroyed and the others stay") {
  Fixture fixture;
  OperatorFolder folder = fixture.create();
  const EpochId epoch = folder.epochs()->front();
  const UnixTime end((*folder.load_epoch_keys(kNow)).front().not_after);
  const Result<EpochId> next = folder.create_epoch(end, UnixTime(end.value() + 100), fixture.random);
  REQUIRE(next);
  CHECK(folder.destroy_ended_epochs(end)->empty());
  CHECK(*folder.destroy_ended_epochs(UnixTime(end.value() + 1)) == std::vector<EpochId>{epoch});
  CHECK(*folder.epochs() == std::vector<EpochId>{*next});
  CHECK_FALSE(fs::exists(fixture.data / "slot" / (epoch.hex() + ".slot")));
  CHECK(fs::exists(fixture.data / "slot" / (next->hex() + ".slot")));
}

TEST_CASE("a folder of something else is not opened") {
  Fixture fixture;
  CHECK(OperatorFolder::open(fixture.data, {}).error().rule == "folder.missing");
  fs::create_directory(fixture.data);
  CHECK(OperatorFolder::open(fixture.data, {}).error().rule == "folder.missing");
}

}  // namespace
}  // namespace blindbook::service
