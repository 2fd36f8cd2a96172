#include "blindbook/service/announcement_key.h"

#include <filesystem>
#include <utility>

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "blindbook/protocol/history.h"
#include "blindbook/protocol/sealed_file.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/audit.h"
#include "blindbook/service/file_lock.h"
#include "blindbook/service/root_key.h"

#include "tests/service/publish_fixture.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using protocol::Ed25519SecretKey;
using protocol::OpenedAnnouncement;

constexpr const char* kRows = "+493023125001,@anna:city.example,yes\n";
constexpr UnixTime kLater{kPublishNow.value() + 3'600};

struct CeremonyFixture : PublishFixture {
  KeyCeremony ceremony{.folder = parent / "data", .passphrase = {}, .root_key = {}, .now = kLater};

  CertifiedKey renew() {
    Result<CertifiedKey> key = renew_certificate(ceremony);
    REQUIRE(key);
    reopen();
    return std::move(*key);
  }
  CertifiedKey revoke() {
    Result<CertifiedKey> key = revoke_announcement_key(ceremony, random);
    REQUIRE(key);
    reopen();
    return std::move(*key);
  }
  void reopen() {
    folder = std::move(*OperatorFolder::open(parent / "data", {}));
    options.now = std::max(options.now, ceremony.now);
  }
  [[nodiscard]] OpenedAnnouncement published() const { return **folder.announcement(); }
  [[nodiscard]] Bytes key_file() const { return *read_file(parent / "data/keys/announcement.key", 1'000); }
  [[nodiscard]] std::string_view fault_of_root(const fs::path& file) const {
    const auto key = read_root_key(file, folder.config().root);
    return key ? "none" : key.error().rule;
  }
};

void write_root_key(const fs::path& file, const Ed25519SecretKey& key,
                    protocol::KeyKind kind = protocol::KeyKind::kRoot) {
  REQUIRE(*write_new_file(file, protocol::unsealed_key_file(kind, key.seed().expose()).expose(),
                          FileAccess::kOwnerOnly));
}

TEST_CASE("renewal and revocation are in the audit trail, and do nothing without") {
  CeremonyFixture fixture;
  const auto last = [&] {
    return *examine_audit_trail(text_of(*read_audit_trail(fixture.folder.audit_path()))).last;
  };
  static_cast<void>(fixture.renew());
  CHECK(last().command == "key renew");
  CHECK(last().counts == AuditCounts{{"certificate", 2}});
  static_cast<void>(fixture.revoke());
  CHECK(last().command == "key revoke");
  CHECK(last().counts == AuditCounts{{"certificate", 3}});

  const Bytes key = fixture.key_file();
  const Bytes config = *read_file(fixture.parent / "data/config.json", 100'000);
  fs::remove(fixture.folder.audit_path());
  fs::create_directory(fixture.folder.audit_path());
  CHECK(renew_certificate(fixture.ceremony).error().rule == "file.write");
  CHECK(revoke_announcement_key(fixture.ceremony, fixture.random).error().rule == "file.write");
  CHECK(fixture.key_file() == key);
  CHECK(*read_file(fixture.parent / "data/config.json", 100'000) == config);
}

TEST_CASE("a renewed certificate is for the same key, with a higher serial and 400 days") {
  CeremonyFixture fixture;
  static_cast<void>(fixture.publish_rows(kRows));
  const OpenedAnnouncement before = fixture.published();
  const Bytes key = fixture.key_file();
  const CertifiedKey renewed = fixture.renew();
  CHECK(renewed.certificate.serial == before.certificate.serial + 1);
  CHECK(renewed.certificate.key == before.certificate.key);
  CHECK(renewed.certificate.not_before == kLater);
  CHECK(renewed.certificate.not_after.value() == kLater.value() + 400 * kPublishDay);
  CHECK(fixture.key_file() == key);
  CHECK(fixture.published().certificate == renewed.certificate);
}

TEST_CASE("a revoked key is replaced by a fresh one and destroyed") {
  CeremonyFixture fixture;
  static_cast<void>(fixture.publish_rows(kRows));
  const OpenedAnnouncement before = fixture.published();
  const Bytes key = fixture.key_file();
  const CertifiedKey fresh = fixture.revoke();
  CHECK(fresh.certificate.serial == before.certificate.serial + 1);
  CHECK(fresh.certificate.key != before.certificate.key);
  CHECK(fixture.key_file() != key);
  CHECK(fixture.folder.load_announcement_key()->public_key() == fresh.certificate.key);
}

TEST_CASE("a new certificate is announced at once, and says nothing else anew") {
  CeremonyFixture fixture;
  static_cast<void>(fixture.publish_rows(kRows));
  const OpenedAnnouncement before = fixture.published();
  const auto client = protocol::follow({}, before, kPublishNow);
  REQUIRE(client);
  SECTION("renewed") {
    static_cast<void>(fixture.renew());
  }
  SECTION("revoked") {
    static_cast<void>(fixture.revoke());
  }
  const OpenedAnnouncement after = fixture.published();
  CHECK(after.announcement.seq == before.announcement.seq + 1);
  CHECK(after.announcement.previous_head == before.head);
  CHECK(after.announcement.epochs == before.announcement.epochs);
  CHECK(after.announcement.valid_until == before.announcement.valid_until);
  CHECK(after.announcement.next_publication == before.announcement.next_publication);
  CHECK(after.announcement.issued_at == kLater);
  CHECK(*read_file(fixture.folder.log_path(2), 1'000'000) == after.object);
  const auto followed = protocol::follow(client->history, after, kLater);
  REQUIRE(followed);
  CHECK(followed->link == protocol::ChainLink::kNext);
  CHECK(fixture.find("+493023125001") == "@anna:city.example");
  // Publications go on from there.
  const PublishReport next = fixture.publish_rows(kRows);
  CHECK(next.announcement.seq == 3);
  CHECK(next.announcement.epochs.front().edition == Edition(2));
  CHECK(protocol::follow(followed->history, fixture.published(), kLater));
}

TEST_CASE("a client that saw the revocation refuses what the thief signs, however new") {
  CeremonyFixture fixture;
  static_cast<void>(fixture.publish_rows(kRows));
  const OpenedAnnouncement before = fixture.published();
  const Ed25519SecretKey stolen = std::move(*fixture.folder.load_announcement_key());
  static_cast<void>(fixture.revoke());
  const auto client = protocol::follow({}, fixture.published(), kLater);
  REQUIRE(client);
  protocol::Announcement forged = before.announcement;
  for (const std::uint64_t seq : {2U, 3U, 1'000U}) {
    forged.seq = seq;
    const auto opened = protocol::open_announcement(protocol::sign_announcement(forged, stolen),
                                                    fixture.folder.config().root);
    REQUIRE(opened);  // to a client that knows nothing it is as good as any
    CHECK(protocol::follow(client->history, *opened, kLater).error().error.rule == "certificate.revoked");
  }
}

TEST_CASE("before the first publication a key can be certified and replaced all the same") {
  CeremonyFixture fixture;
  CHECK_FALSE(fixture.renew().announced);
  CHECK_FALSE(fixture.revoke().announced);
  CHECK_FALSE(*fixture.folder.announcement());
  CHECK(fixture.publish_rows(kRows).announcement.seq == 1);
  CHECK(fixture.published().certificate.serial == 3);
}

TEST_CASE("an expired certificate is renewed") {
  CeremonyFixture fixture;
  static_cast<void>(fixture.publish_rows(kRows));
  fixture.ceremony.now = UnixTime(kPublishNow.value() + 401 * kPublishDay);
  fixture.options.now = fixture.ceremony.now;
  fixture.options.clock_confirmed = true;
  CHECK(fixture.try_publish(kRows).error().rule == "publish.certificate");
  static_cast<void>(fixture.renew());
  CHECK(fixture.publish_rows(kRows).announcement.seq == 3);
}

TEST_CASE("a revocation that was cut off is finished by another one") {
  CeremonyFixture fixture;
  static_cast<void>(fixture.publish_rows(kRows));
  const fs::path key = fixture.parent / "data/keys/announcement.key";
  const Bytes config = *read_file(fixture.parent / "data/config.json", 100'000);
  std::uint64_t serial = 2;
  SECTION("the old key is gone, and there is no other") {
    fs::remove(key);
    CHECK(fixture.try_publish(kRows).error().rule == "key.missing");
  }
  SECTION("the new key is there, and no certificate for it") {
    static_cast<void>(fixture.revoke());
    fs::remove(fixture.folder.log_path(2));
    fs::copy_file(fixture.folder.log_path(1), fixture.folder.announcement_path(),
                  fs::copy_options::overwrite_existing);
    REQUIRE(write_file_atomically(fixture.parent / "data/config.json", config, FileAccess::kOwnerOnly));
    fixture.reopen();
    CHECK(fixture.try_publish(kRows).error().rule == "publish.certificate");
  }
  SECTION("it is certified and not announced") {
    static_cast<void>(fixture.revoke());
    fs::remove(fixture.folder.log_path(2));
    fs::copy_file(fixture.folder.log_path(1), fixture.folder.announcement_path(),
                  fs::copy_options::overwrite_existing);
    serial = 3;
  }
  SECTION("it is logged and not public") {
    static_cast<void>(fixture.revoke());
    fs::copy_file(fixture.folder.log_path(1), fixture.folder.announcement_path(),
                  fs::copy_options::overwrite_existing);
    serial = 3;
  }
  const CertifiedKey key_again = fixture.revoke();
  CHECK(key_again.certificate.serial == serial);
  CHECK(fixture.published().certificate == key_again.certificate);
  CHECK(fixture.find("+493023125001"));
  static_cast<void>(fixture.publish_rows(kRows));
}

TEST_CASE("no key is certified while a publication runs") {
  CeremonyFixture fixture;
  const auto lock = FileLock::acquire(fixture.folder.publish_lock_path(), "test.locked", "held");
  REQUIRE(lock);
  CHECK(renew_certificate(fixture.ceremony).error().rule == "publish.locked");
  CHECK(revoke_announcement_key(fixture.ceremony, fixture.random).error().rule == "publish.locked");
}

TEST_CASE("a mistyped passphrase does not become that of the new key") {
  const test_support::TemporaryFolder parent;
  test_support::DeterministicRandom random(5);
  const auto source = [](std::string_view passphrase) -> PassphraseSource {
    return [passphrase]() -> Result<SecretBytes> { return SecretBytes(bytes_of(passphrase)); };
  };
  REQUIRE(OperatorFolder::create(parent / "data",
                                 {.name = "Stadt Musterhausen",
                                  .passphrase = source("right"),
                                  .root_key_out = parent / "root.key",
                                  .slot_folder = {},
                                  .public_url = {},
                                  .cost = {.log2_n = 10, .r = 8, .p = 1},
                                  .now = kPublishNow},
                                 random));
  KeyCeremony ceremony{.folder = parent / "data",
                       .passphrase = source("wrong"),
                       .root_key = parent / "root.key",
                       .now = kLater};
  CHECK(revoke_announcement_key(ceremony, random).error().rule == "key.passphrase");
  CHECK(renew_certificate(ceremony).error().rule == "key.passphrase");
  ceremony.passphrase = source("right");
  REQUIRE(renew_certificate(ceremony));  // the key that was there is there
  REQUIRE(revoke_announcement_key(ceremony, random));
  OperatorFolder folder = std::move(*OperatorFolder::open(parent / "data", source("right")));
  CHECK(folder.load_announcement_key());
}

TEST_CASE("a root key is taken from a file only if nobody else can read it and it is this operator's") {
  CeremonyFixture fixture;
  const Ed25519SecretKey root = std::move(*fixture.folder.load_root_key());
  const Ed25519SecretKey other = Ed25519SecretKey::generate(fixture.random);
  write_root_key(fixture.parent / "root.key", root);
  write_root_key(fixture.parent / "other.key", other);
  write_root_key(fixture.parent / "token.key", root, protocol::KeyKind::kToken);
  CHECK(fixture.fault_of_root(fixture.parent / "root.key") == "none");
  CHECK(fixture.fault_of_root(fixture.parent / "token.key") == "key.kind");
  CHECK(fixture.fault_of_root(fixture.parent / "missing.key") == "file.open");
  CHECK(fixture.fault_of_root(fixture.folder.public_folder() / "operator.pub") == "file.access");
  const auto wrong = read_root_key(fixture.parent / "other.key", fixture.folder.config().root);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().rule == "key.root");
  CHECK(wrong.error().fault == Fault::kBadInput);
  CHECK(wrong.error().hint.find(fixture.folder.operator_id()) != std::string::npos);
  fs::permissions(fixture.parent / "root.key", fs::perms::group_read, fs::perm_options::add);
  CHECK(fixture.fault_of_root(fixture.parent / "root.key") == "file.access");

  // One that was sealed for its folder.
  KeyStore sealed(
      {.keys = fixture.parent / "keys",
       .slots = fixture.parent / "slots",
       .passphrase = []() -> Result<SecretBytes> { return SecretBytes(bytes_of("a passphrase")); },
       .cost = {.log2_n = 10, .r = 8, .p = 1}});
  REQUIRE(create_folder(fixture.parent / "keys", FileAccess::kOwnerOnly));
  REQUIRE(create_folder(fixture.parent / "slots", FileAccess::kOwnerOnly));
  REQUIRE(sealed.store("root", protocol::KeyKind::kRoot, protocol::KeyProtection::kPassphrase,
                       root.seed().expose(), fixture.random));
  CHECK(fixture.fault_of_root(fixture.parent / "keys/root.key") == "key.sealed");
}

TEST_CASE("a root key that is nowhere is asked for") {
  CeremonyFixture fixture;
  CHECK(find_root_key(fixture.folder, std::nullopt));
  REQUIRE(fixture.folder.keys().destroy(kRootKey));
  const auto missing = find_root_key(fixture.folder, std::nullopt);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().rule == "key.root");
  CHECK(missing.error().hint.find("--root-key") != std::string::npos);
}

}  // namespace
}  // namespace blindbook::service
