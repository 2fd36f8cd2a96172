#include "blindbook/service/revocations.h"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "blindbook/service/atomic_file.h"
#include "blindbook/service/file_lock.h"

#include "tests/support/temporary_folder.h"

namespace blindbook::service {
namespace {

constexpr UnixTime kNow(1'800'000'000);

UnixTime after(std::uint64_t seconds) {
  return UnixTime(kNow.value() + seconds);
}

protocol::Access access_of(const std::string& issuer, const std::string& account, UnixTime issued_at) {
  return {.issuer = issuer, .account = account, .scope = {.evaluate = true}, .issued_at = issued_at};
}

struct Folder {
  test_support::TemporaryFolder folder;
  std::filesystem::path file = folder / "revoked.json";

  void write(std::string_view text) const {
    REQUIRE(write_file_atomically(file, bytes_of(text), FileAccess::kOwnerOnly).has_value());
  }
};

TEST_CASE("tokens of an account issued until its revocation are refused and later ones are not") {
  const Folder folder;
  REQUIRE(revoke(folder.file, "messenger", "anna", kNow).value() == 1);
  const auto list = RevocationList::open(folder.file).value();
  CHECK(list->revokes(access_of("messenger", "anna", UnixTime(0))));
  CHECK(list->revokes(access_of("messenger", "anna", kNow)));
  CHECK(list->revokes(access_of("messenger", "anna", after(protocol::kTokenClockSkew))));
  CHECK_FALSE(list->revokes(access_of("messenger", "anna", after(protocol::kTokenClockSkew + 1))));
  CHECK_FALSE(list->revokes(access_of("messenger", "bert", kNow)));
  CHECK_FALSE(list->revokes(access_of("county", "anna", kNow)));
  CHECK_FALSE(list->revokes(access_of("", "messengeranna", kNow)));
}

TEST_CASE("a revocation is seen by a service that runs") {
  const Folder folder;
  const auto list = RevocationList::open(folder.file).value();
  CHECK_FALSE(list->refresh().value());
  REQUIRE(revoke(folder.file, "messenger", "anna", kNow).has_value());
  CHECK_FALSE(list->revokes(access_of("messenger", "anna", kNow)));
  CHECK(list->refresh().value());
  CHECK(list->revokes(access_of("messenger", "anna", kNow)));
  CHECK_FALSE(list->refresh().value());
}

TEST_CASE("a list that somebody broke leaves the one before in force") {
  const Folder folder;
  REQUIRE(revoke(folder.file, "messenger", "anna", kNow).has_value());
  const auto list = RevocationList::open(folder.file).value();
  folder.write("nonsense");
  CHECK(list->refresh().error().rule == "revoked.format");
  CHECK(list->revokes(access_of("messenger", "anna", kNow)));
  CHECK_FALSE(list->refresh().value());  // said once
}

TEST_CASE("an account that is revoked again is so from now on") {
  const Folder folder;
  REQUIRE(revoke(folder.file, "messenger", "anna", kNow).has_value());
  REQUIRE(revoke(folder.file, "messenger", "anna", after(500)).value() == 1);
  CHECK(read_revocations(folder.file).value() ==
        std::vector<Revocation>{{"messenger", "anna", after(500 + protocol::kTokenClockSkew)}});
}

TEST_CASE("a revocation goes once every token that it speaks of has expired") {
  const Folder folder;
  REQUIRE(revoke(folder.file, "messenger", "anna", kNow).has_value());
  const std::uint64_t life = protocol::kMaxTokenLife + 2 * protocol::kTokenClockSkew;
  REQUIRE(revoke(folder.file, "messenger", "bert", after(life)).value() == 2);
  REQUIRE(revoke(folder.file, "messenger", "carla", after(life + 1)).value() == 2);
  const std::vector<Revocation> left = read_revocations(folder.file).value();
  CHECK(left.front().account == "bert");
}

TEST_CASE("the list is for its owner and names no account that cannot be") {
  const Folder folder;
  for (const std::string& account : {std::string(), std::string(256, 'a'), std::string("a\nb")}) {
    CHECK(revoke(folder.file, "messenger", account, kNow).error().rule == "token.account");
  }
  CHECK_FALSE(std::filesystem::exists(folder.file));
  REQUIRE(revoke(folder.file, "messenger", "anna", kNow).has_value());
  struct stat status {};
  REQUIRE(::stat(folder.file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
}

TEST_CASE("two writers of the list do not lose each other's accounts") {
  const Folder folder;
  const auto held = FileLock::acquire(folder.folder / "revoked.lock", "test.locked", "held").value();
  CHECK(revoke(folder.file, "messenger", "anna", kNow).error().rule == "revoked.locked");
}

TEST_CASE("a list that is not as this program writes it is refused") {
  const Folder folder;
  folder.write(GENERATE(
      as<std::string>(), "", "[]", "{}", R"({"schema":"blindbook.revoked/2","revoked":[]})",
      R"({"schema":"blindbook.revoked/1","revoked":{}})", R"({"schema":1,"revoked":[]})",
      R"({"schema":"blindbook.revoked/1","revoked":[],"more":1})",
      R"({"schema":"blindbook.revoked/1","revoked":[{"issuer":"m","account":"a"}]})",
      R"({"schema":"blindbook.revoked/1","revoked":["anna"]})",
      R"({"schema":"blindbook.revoked/1","revoked":[{"issuer":"m","account":"a","issued_until":-1}]})"));
  CHECK(read_revocations(folder.file).error().rule == "revoked.format");
  CHECK(RevocationList::open(folder.file).error().rule == "revoked.format");
  CHECK(revoke(folder.file, "messenger", "anna", kNow).error().rule == "revoked.format");
}

}  // namespace
}  // namespace blindbook::service
