#include "blindbook/service/key_store.h"

#include <fstream>

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "blindbook/service/atomic_file.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::service {
namespace {

using test_support::DeterministicRandom;
using test_support::TemporaryFolder;

/// Cheap enough for a test; the product never stores keys at it.
constexpr protocol::ScryptCost kTestCost{.log2_n = 10, .r = 8, .p = 1};

struct Fixture {
  TemporaryFolder folder;
  DeterministicRandom random{7};
  std::string passphrase = "a passphrase";
  int asked = 0;
  Bytes secret = random.bytes(32);

  Fixture() {
    REQUIRE(create_folder(folder / "keys", FileAccess::kOwnerOnly));
    REQUIRE(create_folder(folder / "slots", FileAccess::kOwnerOnly));
  }
  KeyStore::Options options() {
    return {.keys = folder / "keys",
            .slots = folder / "slots",
            .passphrase = [this]() -> Result<SecretBytes> {
              ++asked;
              return SecretBytes(bytes_of(passphrase));
            },
            .cost = kTestCost};
  }
  void store(std::string_view name, protocol::KeyKind kind = protocol::KeyKind::kEpoch,
             protocol::KeyProtection protection = protocol::KeyProtection::kPassphrase) {
    KeyStore store(options());
    REQUIRE(store.store(name, kind, protection, secret, random));
  }
  [[nodiscard]] Result<SecretBytes> load(std::string_view name,
                                         protocol::KeyKind kind = protocol::KeyKind::kEpoch) {
    return KeyStore(options()).load(name, kind);
  }
  [[nodiscard]] std::filesystem::path file(std::string_view name) const { return folder / "keys" / name; }
  void overwrite(const std::filesystem::path& path, const Bytes& content) const {
    REQUIRE(write_file_atomically(path, content, FileAccess::kOwnerOnly));
  }
};

TEST_CASE("a sealed key is opened by its passphrase") {
  Fixture fixture;
  fixture.store("one");
  const Result<SecretBytes> loaded = fixture.load("one");
  REQUIRE(loaded);
  CHECK(*loaded == SecretBytes(fixture.secret));
}

TEST_CASE("a sealed key file does not hold the secret") {
  Fixture fixture;
  fixture.store("one");
  const Bytes file = *read_file(fixture.file("one.key"), 1'000);
  CHECK(std::search(file.begin(), file.end(), fixture.secret.begin(), fixture.secret.begin() + 8) ==
        file.end());
}

TEST_CASE("key and slot files can be read by their owner only") {
  Fixture fixture;
  fixture.store("one");
  for (const auto& path : {fixture.folder / "keys" / "one.key", fixture.folder / "slots" / "one.slot"}) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
}

TEST_CASE("another passphrase does not open a key") {
  Fixture fixture;
  fixture.store("one");
  fixture.passphrase = "another";
  const Result<SecretBytes> loaded = fixture.load("one");
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().fault == Fault::kBadInput);
  CHECK(loaded.error().rule == "key.passphrase");
}

TEST_CASE("a lost slot ends its key and names the way out") {
  Fixture fixture;
  fixture.store("one");
  REQUIRE(remove_file(fixture.folder / "slots" / "one.slot"));
  const Result<SecretBytes> loaded = fixture.load("one");
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().fault == Fault::kUnavailable);
  CHECK(loaded.error().rule == "key.slot");
  CHECK(loaded.error().hint.find("blindbook epoch rotate --emergency") != std::string::npos);
}

TEST_CASE("a slot that was cut is lost") {
  Fixture fixture;
  fixture.store("one");
  fixture.overwrite(fixture.folder / "slots" / "one.slot", Bytes(31));
  CHECK(fixture.load("one").error().rule == "key.slot");
}

TEST_CASE("the slot of another key does not open a key") {
  Fixture fixture;
  fixture.store("one");
  fixture.store("two");
  fixture.overwrite(fixture.folder / "slots" / "one.slot",
                    *read_file(fixture.folder / "slots" / "two.slot", 32));
  CHECK(fixture.load("one").error().rule == "key.passphrase");
}

TEST_CASE("a key cannot stand in for another one") {
  Fixture fixture;
  fixture.store("one");
  fixture.overwrite(fixture.file("two.key"), *read_file(fixture.file("one.key"), 1'000));
  fixture.overwrite(fixture.folder / "slots" / "two.slot",
                    *read_file(fixture.folder / "slots" / "one.slot", 32));
  CHECK(fixture.load("two").error().rule == "key.passphrase");
  CHECK(fixture.load("one", protocol::KeyKind::kAnnouncement).error().rule == "key.kind");
}

TEST_CASE("a key file with any bit changed is refused") {
  Fixture fixture;
  fixture.store("one");
  const Bytes file = *read_file(fixture.file("one.key"), 1'000);
  KeyStore store(fixture.options());
  REQUIRE(store.load("one", protocol::KeyKind::kEpoch));
  for (std::size_t at = 0; at < file.size(); ++at) {
    const bool is_cost = at >= 11 && at < 20;
    Bytes changed = file;
    // Bits of the scrypt cost are tried low, so that the file does not ask for gigabytes.
    changed[at] = static_cast<std::uint8_t>(changed[at] ^ (is_cost ? 0x01 : 0x80));
    fixture.overwrite(fixture.file("one.key"), changed);
    CHECK_FALSE(store.load("one", protocol::KeyKind::kEpoch));
  }
}

TEST_CASE("a key file that was cut or lengthened is refused") {
  Fixture fixture;
  fixture.store("one");
  const Bytes file = *read_file(fixture.file("one.key"), 1'000);
  for (std::size_t size = 0; size < file.size(); ++size) {
    fixture.overwrite(fixture.file("one.key"),
                      Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)));
    CHECK_FALSE(fixture.load("one"));
  }
  Bytes longer = file;
  longer.push_back(0);
  fixture.overwrite(fixture.file("one.key"), longer);
  CHECK_FALSE(fixture.load("one"));
}

TEST_CASE("a key file that asks for too much scrypt is refused before it is tried") {
  Fixture fixture;
  fixture.store("one");
  const Bytes file = *read_file(fixture.file("one.key"), 1'000);
  const auto with = [&](std::size_t at, std::uint8_t value) {
    Bytes changed = file;
    changed[at] = value;
    return protocol::parse_key_file_header(changed);
  };
  CHECK(with(11, 20));
  CHECK(with(11, 21).error().rule == "key.format");
  CHECK(with(11, 0).error().rule == "key.format");
  CHECK(with(15, 16));
  CHECK(with(15, 17).error().rule == "key.format");
  CHECK(with(12, 1).error().rule == "key.format");
  CHECK(with(19, 4));
  CHECK(with(19, 5).error().rule == "key.format");
  CHECK(protocol::stretch({}, protocol::ScryptSalt(), {.log2_n = 21, .r = 1, .p = 1}).error().rule ==
        "key.scrypt-cost");
}

TEST_CASE("stretching agrees with another scrypt") {
  // RFC 7914 section 12 takes the salt "NaCl", which is shorter than ours; this vector is of the Python
  // standard library's hashlib.scrypt(b"password", salt=b"blindbook-tests!", n=1024, r=8, p=1, dklen=32).
  protocol::ScryptSalt salt;
  std::ranges::copy(bytes_of("blindbook-tests!"), salt.mutable_view().begin());
  const Result<protocol::StretchedPassphrase> out = protocol::stretch(bytes_of("password"), salt, kTestCost);
  REQUIRE(out);
  CHECK(to_hex(out->expose()) == "adbccbe23378874fb911211686cca87613ab8e3d7de967c02eca33fd72a49f49");
}

TEST_CASE("one process asks for the passphrase once") {
  Fixture fixture;
  KeyStore store(fixture.options());
  for (const char* name : {"one", "two", "three"}) {
    REQUIRE(store.store(name, protocol::KeyKind::kEpoch, protocol::KeyProtection::kPassphrase, fixture.secret,
                        fixture.random));
  }
  CHECK(fixture.asked == 1);
  KeyStore later(fixture.options());
  for (const char* name : {"one", "two", "three"}) {
    REQUIRE(later.load(name, protocol::KeyKind::kEpoch));
  }
  CHECK(fixture.asked == 2);
}

TEST_CASE("an unsealed key needs neither passphrase nor slot") {
  Fixture fixture;
  fixture.store("one", protocol::KeyKind::kToken, protocol::KeyProtection::kNone);
  const Result<SecretBytes> loaded = fixture.load("one", protocol::KeyKind::kToken);
  REQUIRE(loaded);
  CHECK(*loaded == SecretBytes(fixture.secret));
  CHECK(fixture.asked == 0);
  CHECK(*KeyStore(fixture.options()).protection_of("one") == protocol::KeyProtection::kNone);
}

TEST_CASE("a key that others may read is refused with the repair") {
  Fixture fixture;
  fixture.store("one");
  const auto path = GENERATE(0, 1) == 0 ? fixture.file("one.key") : fixture.folder / "slots" / "one.slot";
  REQUIRE(::chmod(path.c_str(), 0644) == 0);
  const Result<SecretBytes> loaded = fixture.load("one");
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().rule == "file.access");
  CHECK(loaded.error().hint == "chmod 600 " + path.string());
}

TEST_CASE("a key is never overwritten") {
  Fixture fixture;
  fixture.store("one");
  KeyStore store(fixture.options());
  const auto again = store.store("one", protocol::KeyKind::kEpoch, protocol::KeyProtection::kPassphrase,
                                 Bytes(32), fixture.random);
  REQUIRE_FALSE(again);
  CHECK(again.error().rule == "key.exists");
  CHECK(*fixture.load("one") == SecretBytes(fixture.secret));
}

TEST_CASE("a slot is never overwritten") {
  Fixture fixture;
  fixture.store("one");
  KeyStore::Options options = fixture.options();
  options.keys = fixture.folder / "other keys";
  REQUIRE(create_folder(options.keys, FileAccess::kOwnerOnly));
  KeyStore other(options);
  const auto again = other.store("one", protocol::KeyKind::kEpoch, protocol::KeyProtection::kPassphrase,
                                 Bytes(32), fixture.random);
  REQUIRE_FALSE(again);
  CHECK(again.error().fault == Fault::kBadInput);
  CHECK(again.error().rule == "key.slot-exists");
  CHECK_FALSE(again.error().hint.empty());
  CHECK_FALSE(other.contains("one"));
  CHECK(*fixture.load("one") == SecretBytes(fixture.secret));
}

TEST_CASE("loading a key removes what a killed write of it left") {
  Fixture fixture;
  fixture.store("one");
  const auto leftovers = {fixture.folder / "keys" / ".one.key.aB3x9Z",
                          fixture.folder / "slots" / ".one.slot.aB3x9Z"};
  for (const auto& path : leftovers) {
    std::ofstream(path) << "secret";
  }
  REQUIRE(fixture.load("one"));
  for (const auto& path : leftovers) {
    CHECK_FALSE(std::filesystem::exists(path));
  }
}

TEST_CASE("destroying a key unlinks it and its slot") {
  Fixture fixture;
  fixture.store("one");
  KeyStore store(fixture.options());
  REQUIRE(store.destroy("one"));
  CHECK_FALSE(std::filesystem::exists(fixture.file("one.key")));
  CHECK_FALSE(std::filesystem::exists(fixture.folder / "slots" / "one.slot"));
  CHECK(store.load("one", protocol::KeyKind::kEpoch).error().rule == "key.missing");
  CHECK(store.destroy("one"));
}

struct PassphraseFile {
  TemporaryFolder folder;
  std::filesystem::path path = folder / "passphrase";
  void write(std::string_view text, mode_t mode = 0600) const {
    std::ofstream(path, std::ios::binary) << text;
    REQUIRE(::chmod(path.c_str(), mode) == 0);
  }
};

TEST_CASE("a passphrase is the first line of its file") {
  PassphraseFile file;
  for (const char* text : {"open sesame", "open sesame\n", "open sesame\r\n", "open sesame\nsecond line\n"}) {
    file.write(text);
    const Result<SecretBytes> passphrase = read_passphrase_file(file.path);
    REQUIRE(passphrase);
    CHECK(text_of(passphrase->expose()) == "open sesame");
  }
}

TEST_CASE("a passphrase file that is empty or can be read by others is refused") {
  PassphraseFile file;
  for (const char* text : {"", "\n", "\r\n", "\nsecond line\n"}) {
    file.write(text);
    CHECK(read_passphrase_file(file.path).error().rule == "passphrase.empty");
  }
  file.write(std::string(1'025, 'a'));
  CHECK(read_passphrase_file(file.path).error().rule == "passphrase.length");
  file.write("open sesame\n", 0644);
  CHECK(read_passphrase_file(file.path).error().rule == "file.access");
}

TEST_CASE("the passphrase comes from the file before the credential before the terminal") {
  PassphraseFile file;
  file.write("credential\n", 0440);
  const std::filesystem::path given = file.folder / "given";
  REQUIRE(write_file_atomically(given, bytes_of("given\n"), FileAccess::kOwnerOnly));
  const PassphraseSource ask = []() -> Result<SecretBytes> { return SecretBytes(bytes_of("asked")); };
  const auto from = [](const PassphraseSource& source) { return std::string(text_of(source()->expose())); };

  REQUIRE(::setenv("CREDENTIALS_DIRECTORY", file.folder.path().c_str(), 1) == 0);
  CHECK(from(choose_passphrase_source(given, ask)) == "given");
  CHECK(from(choose_passphrase_source(std::nullopt, ask)) == "credential");
  REQUIRE(remove_file(file.path));
  CHECK(from(choose_passphrase_source(std::nullopt, ask)) == "asked");
  REQUIRE(::unsetenv("CREDENTIALS_DIRECTORY") == 0);
  CHECK(from(choose_passphrase_source(std::nullopt, ask)) == "asked");
  CHECK(choose_passphrase_source(std::nullopt, {})().error().rule == "passphrase.missing");
}

}  // namespace
}  // namespace blindbook::service
