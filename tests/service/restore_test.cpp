#include "blindbook/service/restore.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/protocol/certificate.h"
#include "blindbook/protocol/history.h"
#include "blindbook/service/announcement_key.h"
#include "blindbook/service/last_announcement.h"
#include "blindbook/service/root_key.h"
#include "blindbook/service/sqlite.h"

#include "tests/service/publish_fixture.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using protocol::OpenedAnnouncement;
using protocol::OperatorHistory;

constexpr const char* kRows = "+493023125001,@anna:city.example,yes\n";

UnixTime days_later(std::uint64_t days) {
  return UnixTime(kPublishNow.value() + days * kPublishDay);
}

/// An operator whose backup is older than what the public saw: one publication before it, two after it.
struct LostHost : PublishFixture {
  fs::path backup_path = parent / "backup";
  std::vector<Bytes> announced;  // by publication
  protocol::Ed25519SecretKey root = std::move(*folder.load_root_key());

  LostHost() {
    publish_one();
    REQUIRE(back_up(folder, backup_path, kPublishNow));
    publish_one();
    publish_one();
  }

  void publish_one() {
    static_cast<void>(publish_rows(kRows));
    announced.push_back(*read_file(folder.announcement_path(), 1'000'000));
  }
  [[nodiscard]] Backup backup() const {
    Result<Backup> opened = Backup::open(backup_path);
    REQUIRE(opened);
    return std::move(*opened);
  }
  [[nodiscard]] OpenedAnnouncement opened(const Bytes& object) const {
    return protocol::open_announcement(object, root.public_key()).value();
  }
  [[nodiscard]] std::string_view verdict(const Bytes& object) const {
    const auto last = open_last_announcement(backup(), object, kPublishNow);
    return last ? "none" : last.error().rule;
  }
  /// The folder is gone; another stands in its place.
  void restore_at(UnixTime now, std::size_t seen = 2) {
    const Backup held = backup();
    const auto last = open_last_announcement(held, announced.at(seen), now);
    REQUIRE(last);
    fs::remove_all(parent / "data");
    Result<OperatorFolder> restored = restore(parent / "data",
                                              {.backup = held,
                                               .last = *last,
                                               .root = root,
                                               .passphrase = {},
                                               .slot_folder = {},
                                               .cost = {},
                                               .now = now},
                                              random);
    if (!restored) {
      FAIL(restored.error().rule << ": " << restored.error().message);
    }
    folder = std::move(*restored);
    options.now = now;
  }
};

/// What a client remembers that saw these, in this order.
OperatorHistory client_of(const LostHost& host, std::initializer_list<std::size_t> publications) {
  OperatorHistory history;
  for (const std::size_t publication : publications) {
    history =
        protocol::follow(history, host.opened(host.announced.at(publication)), kPublishNow).value().history;
  }
  return history;
}

TEST_CASE("after a restore no client finds anything to refuse") {
  LostHost host;
  const std::vector<OperatorHistory> clients{client_of(host, {0}),       client_of(host, {0, 1}),
                                             client_of(host, {0, 1, 2}), client_of(host, {1}),
                                             client_of(host, {2}),       OperatorHistory()};
  host.restore_at(days_later(3));
  host.publish_one();
  for (const OperatorHistory& client : clients) {
    INFO(client.seq);
    const auto followed = protocol::follow(client, host.opened(host.announced.back()), days_later(3));
    REQUIRE(followed);
    // And the day after.
    host.publish_one();
    CHECK(protocol::follow(followed->history, host.opened(host.announced.back()), days_later(4)));
  }
}

TEST_CASE("the first publication after a restore follows what the public saw") {
  LostHost host;
  const OpenedAnnouncement seen = host.opened(host.announced.back());
  host.restore_at(days_later(3));
  CHECK_FALSE(*host.folder.announcement());
  host.publish_one();
  const OpenedAnnouncement next = host.opened(host.announced.back());
  CHECK(next.announcement.seq == seen.announcement.seq + 1);
  CHECK(next.announcement.previous_head == seen.head);
  CHECK(next.certificate.serial == seen.certificate.serial + 1);
  REQUIRE(next.announcement.epochs.size() == 1);
  CHECK(next.announcement.epochs.front().edition == Edition(1));
  CHECK(next.announcement.epochs.front().not_before == days_later(3));
  CHECK(next.announcement.epochs.front().not_after == days_later(3 + 97));
  CHECK(next.announcement.epochs.front().id != seen.announcement.epochs.front().id);
  CHECK(host.find("+493023125001") == "@anna:city.example");
}

TEST_CASE("a restore goes on where the backup itself ends") {
  LostHost host;
  host.restore_at(days_later(1), 0);
  host.publish_one();
  CHECK(host.opened(host.announced.back()).announcement.seq == 2);
}

TEST_CASE("the log of a restored folder has what the backup had and what clients saw last") {
  LostHost host;
  host.restore_at(days_later(1));
  CHECK(fs::exists(host.folder.log_path(1)));
  CHECK_FALSE(fs::exists(host.folder.log_path(2)));
  CHECK(*read_file(host.folder.log_path(3), 1'000'000) == host.announced.back());
  // Such a folder can be backed up again.
  REQUIRE(back_up(host.folder, host.parent / "again", days_later(1)));
  CHECK(Backup::open(host.parent / "again")->last()->announcement.seq == 3);
}

TEST_CASE("a restored folder has the config of the backup and fresh keys") {
  LostHost host;
  const Config before = host.folder.config();
  const EpochId epoch = host.folder.epochs()->front();
  const auto token_key = host.folder.load_token_key()->public_key();
  const auto announcement_key = host.folder.load_announcement_key()->public_key();
  host.restore_at(days_later(1));
  OperatorFolder reopened = std::move(*OperatorFolder::open(host.folder.path(), {}));
  const Config& after = reopened.config();
  CHECK(after.root == before.root);
  CHECK(after.operator_name == before.operator_name);
  CHECK(after.allowance == before.allowance);
  REQUIRE(after.issuers.size() == 1);
  CHECK(after.issuers.front().name == before.issuers.front().name);
  CHECK(after.issuers.front().key == protocol::IssuerKey(reopened.load_token_key()->public_key()));
  CHECK(after.issuers.front().key != protocol::IssuerKey(token_key));
  CHECK(protocol::open_certificate(after.certificate, after.root)->key ==
        reopened.load_announcement_key()->public_key());
  CHECK(reopened.load_announcement_key()->public_key() != announcement_key);
  REQUIRE(reopened.epochs()->size() == 1);
  CHECK(reopened.epochs()->front() != epoch);
  // Who gives the root key keeps it elsewhere.
  CHECK_FALSE(reopened.holds_root_key());
}

TEST_CASE("issuers of a messenger stay, and one that was taken out does not come back") {
  LostHost host;
  const auto key = protocol::Ed25519SecretKey::generate(host.random).public_key();
  Config config = host.folder.config();
  config.issuers = {protocol::Issuer{.name = "messenger", .kid = "m1", .key = key}};
  REQUIRE(host.folder.save_config(config));
  host.backup_path = host.parent / "second";
  REQUIRE(back_up(host.folder, host.backup_path, kPublishNow));
  host.restore_at(days_later(1));
  CHECK(host.folder.config().issuers == config.issuers);
}

TEST_CASE("a key that was renewed after the backup does not lower the serial") {
  LostHost host;
  const KeyCeremony ceremony{
      .folder = host.folder.path(), .passphrase = {}, .root_key = {}, .now = kPublishNow};
  for (int i = 0; i < 3; ++i) {
    REQUIRE(renew_certificate(ceremony));
  }
  host.announced.push_back(*read_file(host.folder.announcement_path(), 1'000'000));
  const OperatorHistory client = client_of(host, {3});
  CHECK(client.highest_serial == 4);
  host.restore_at(days_later(1), 3);
  host.publish_one();
  const OpenedAnnouncement next = host.opened(host.announced.back());
  CHECK(next.certificate.serial == 5);
  CHECK(protocol::follow(client, next, days_later(1)));
}

TEST_CASE("the serial passes a certificate of the backup that was never announced, too") {
  LostHost host;
  Config config = host.folder.config();
  config.certificate = protocol::issue_certificate({.serial = 9,
                                                    .key = host.folder.load_announcement_key()->public_key(),
                                                    .not_before = kPublishNow,
                                                    .not_after = days_later(1)},
                                                   host.root)
                           .value();
  REQUIRE(host.folder.save_config(config));
  host.backup_path = host.parent / "second";
  REQUIRE(back_up(host.folder, host.backup_path, kPublishNow));
  host.restore_at(days_later(1));
  CHECK(protocol::open_certificate(host.folder.config().certificate, host.root.public_key())->serial == 10);
}

TEST_CASE("an announcement older than the backup is refused") {
  LostHost host;
  host.backup_path = host.parent / "second";
  REQUIRE(back_up(host.folder, host.backup_path, kPublishNow));
  CHECK(host.verdict(host.announced[0]) == "restore.older");
  CHECK(host.verdict(host.announced[1]) == "restore.older");
  CHECK(host.verdict(host.announced[2]) == "none");
}

TEST_CASE("an announcement that contradicts the backup is refused") {
  LostHost host;
  // The same number told in another way, signed by the same key.
  fs::remove_all(host.folder.path() / "log");
  fs::remove(host.folder.announcement_path());
  REQUIRE(create_folder(host.folder.path() / "log", FileAccess::kOwnerOnly));
  host.options.now = days_later(1);
  host.publish_one();
  CHECK(host.opened(host.announced.back()).announcement.seq == 1);
  CHECK(host.verdict(host.announced.back()) == "history.fork");
  host.publish_one();
  CHECK(host.verdict(host.announced.back()) == "history.fork");
}

TEST_CASE("an announcement of another operator and a forged one are refused") {
  LostHost host;
  const auto thief = protocol::Ed25519SecretKey::generate(host.random);
  protocol::Announcement announcement = host.opened(host.announced.back()).announcement;
  CHECK(host.verdict(protocol::sign_announcement(announcement, thief)) == "announcement.signature");
  announcement.certificate =
      protocol::issue_certificate(
          {.serial = 1, .key = thief.public_key(), .not_before = kPublishNow, .not_after = days_later(1)},
          thief)
          .value();
  CHECK(host.verdict(protocol::sign_announcement(announcement, thief)) == "certificate.signature");
  Bytes changed = host.announced.back();
  changed[20] ^= 1;  // of the signature
  CHECK(host.verdict(changed) == "announcement.signature");
  CHECK(host.verdict({}) == "announcement.not-an-envelope");
}

TEST_CASE("a restore that fails leaves nothing, and one into a folder that is there touches nothing") {
  LostHost host;
  const Backup held = host.backup();
  const auto last = open_last_announcement(held, host.announced.back(), kPublishNow);
  REQUIRE(last);
  Restoration restoration{.backup = held,
                          .last = *last,
                          .root = host.root,
                          .passphrase = {},
                          .slot_folder = {},
                          .cost = {},
                          .now = kPublishNow};
  CHECK(restore(host.folder.path(), restoration, host.random).error().rule == "folder.exists");
  CHECK(host.folder.load_epoch_keys(kPublishNow)->size() == 1);

  const fs::path target = host.parent / "restored";
  fs::remove(host.backup_path / "blindbook.db");  // after it was found whole
  const auto failed_restore = restore(target, restoration, host.random);
  CHECK(failed_restore.error().rule == "file.open");
  CHECK_FALSE(fs::exists(target));
}

TEST_CASE("every account is restored to one level, whatever it had spent") {
  LostHost host;
  {
    const auto ledger = SqliteDatabase::open(host.folder.ledger_path());
    REQUIRE(
        ledger->execute("INSERT INTO account VALUES ('blindbook', 'a', 0, 1), ('blindbook', 'b', 99, 2)"));
  }
  host.backup_path = host.parent / "second";
  REQUIRE(back_up(host.folder, host.backup_path, kPublishNow));
  host.restore_at(days_later(1));
  const auto ledger = SqliteDatabase::open(host.folder.ledger_path());
  CHECK(*ledger->query_integer("SELECT count(*) FROM account") == 2);
  CHECK(*ledger->query_integer("SELECT min(level) FROM account") == std::int64_t{16'384 - 320} * 86'400);
  CHECK(*ledger->query_integer("SELECT max(level) FROM account") == std::int64_t{16'384 - 320} * 86'400);
}

TEST_CASE("a folder that is restored long after the last announcement goes on once its clock is confirmed") {
  LostHost host;
  const UnixTime after = days_later(120);
  host.restore_at(after);
  CHECK(host.try_publish(kRows).error().rule == "publish.clock");
  host.options.clock_confirmed = true;
  host.publish_one();
  CHECK(host.opened(host.announced.back()).announcement.epochs.at(0).not_before == after);
  CHECK(protocol::follow(client_of(host, {2}), host.opened(host.announced.back()), after));
}

TEST_CASE("where an announcement is served can be said with a path and without") {
  const auto parsed = [](std::string_view url) {
    const auto out = parse_announcement_url(url);
    return out ? out->endpoint.url() + " " + out->target : std::string(out.error().rule);
  };
  CHECK(parsed("https://mirror.example") == "https://mirror.example /v1/announcement");
  CHECK(parsed("https://mirror.example/") == "https://mirror.example /v1/announcement");
  CHECK(parsed("https://mirror.example:8443/v1/announcement") ==
        "https://mirror.example:8443 /v1/announcement");
  CHECK(parsed("http://127.0.0.1:80/saved/last.bba") == "http://127.0.0.1 /saved/last.bba");
  CHECK(parsed("https://[::1]:8443/a") == "https://[::1]:8443 /a");
  for (const char* url :
       {"ftp://mirror.example/a", "https:///a", "https://mirror.example/a?b", "https://mirror.example/a#b",
        "https://mirror.example/a b", "https://mirror.example/a\r\nHost: b", "mirror.example/a", ""}) {
    INFO(url);
    CHECK(parsed(url) == "http.url");
  }
}

}  // namespace
}  // namespace blindbook::service
