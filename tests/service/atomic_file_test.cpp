#include "blindbook/service/atomic_file.h"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "blindbook/service/file_lock.h"

#include "tests/support/temporary_folder.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using test_support::TemporaryFolder;

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

std::size_t entries_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST_CASE("a file is replaced whole and nothing else is left behind") {
  const TemporaryFolder folder;
  REQUIRE(write_file_atomically(folder / "file", bytes_of("first"), FileAccess::kEveryone));
  REQUIRE(write_file_atomically(folder / "file", bytes_of("second"), FileAccess::kEveryone));
  CHECK(text_of(*read_file(folder / "file", 100)) == "second");
  CHECK(mode_of(folder / "file") == 0644);
  CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("a secret file can be read by its owner only") {
  const TemporaryFolder folder;
  REQUIRE(write_file_atomically(folder / "file", bytes_of("secret"), FileAccess::kOwnerOnly));
  CHECK(mode_of(folder / "file") == 0600);
  CHECK(text_of(read_secret_file(folder / "file", 100)->expose()) == "secret");
}

TEST_CASE("a file that cannot be written leaves the old one") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "name");
  const Result<void> written =
      write_file_atomically(folder / "name", bytes_of("text"), FileAccess::kEveryone);
  REQUIRE_FALSE(written);
  CHECK(written.error().rule == "file.write");
  CHECK(written.error().fault == Fault::kUnavailable);
  CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("what is no file is never replaced by one") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const Result<void> written =
      write_file_atomically(folder / "pipe", bytes_of("text"), FileAccess::kEveryone);
  REQUIRE_FALSE(written);
  CHECK(written.error().rule == "file.write");
  CHECK(fs::is_fifo(folder / "pipe"));
  CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("a new file never replaces one that is there") {
  const TemporaryFolder folder;
  const Result<bool> first = write_new_file(folder / "file", bytes_of("first"), FileAccess::kOwnerOnly);
  REQUIRE(first);
  CHECK(*first);
  CHECK(mode_of(folder / "file") == 0600);
  const Result<bool> second = write_new_file(folder / "file", bytes_of("second"), FileAccess::kOwnerOnly);
  REQUIRE(second);
  CHECK_FALSE(*second);
  CHECK(text_of(*read_file(folder / "file", 100)) == "first");
  CHECK(entries_in(folder.path()) == 1);
  CHECK(write_new_file(folder / "missing" / "file", {}, FileAccess::kOwnerOnly).error().rule == "file.write");
}

TEST_CASE("what killed writes left behind is removed and nothing else") {
  const TemporaryFolder folder;
  for (const char* name : {"state", ".state.aB3x9Z", ".state.lock", ".state.key.aB3x9Z", ".other.aB3x9Z"}) {
    std::ofstream(folder / name) << "text";
  }
  remove_leftovers(folder / "state");
  CHECK_FALSE(fs::exists(folder / ".state.aB3x9Z"));
  for (const char* name : {"state", ".state.lock", ".state.key.aB3x9Z", ".other.aB3x9Z"}) {
    CHECK(fs::exists(folder / name));
  }
}

TEST_CASE("a file that is missing or no file or too long is refused") {
  const TemporaryFolder folder;
  CHECK(read_file(folder / "missing", 100).error().rule == "file.open");
  CHECK(read_file(folder.path(), 100).error().rule == "file.size");
  REQUIRE(write_file_atomically(folder / "file", bytes_of("12345"), FileAccess::kEveryone));
  CHECK(read_file(folder / "file", 5));
  CHECK(read_file(folder / "file", 4).error().rule == "file.size");
}

TEST_CASE("a secret that others may read is refused with the repair") {
  const TemporaryFolder folder;
  REQUIRE(write_file_atomically(folder / "file", bytes_of("secret"), FileAccess::kOwnerOnly));
  for (const mode_t mode : {0640U, 0620U, 0604U, 0602U}) {
    REQUIRE(::chmod((folder / "file").c_str(), mode) == 0);
    const Result<SecretBytes> read = read_secret_file(folder / "file", 100);
    REQUIRE_FALSE(read);
    CHECK(read.error().rule == "file.access");
    CHECK(read.error().hint == "chmod 600 " + (folder / "file").string());
  }
}

TEST_CASE("a credential of systemd may show its access list as the group") {
  const TemporaryFolder folder;
  REQUIRE(write_file_atomically(folder / "file", bytes_of("secret"), FileAccess::kOwnerOnly));
  REQUIRE(::chmod((folder / "file").c_str(), 0440) == 0);
  CHECK(read_secret_file(folder / "file", 100, OthersMay::kShowAclAsGroup));
  REQUIRE(::chmod((folder / "file").c_str(), 0444) == 0);
  CHECK_FALSE(read_secret_file(folder / "file", 100, OthersMay::kShowAclAsGroup));
}

TEST_CASE("removing a file twice is no error") {
  const TemporaryFolder folder;
  REQUIRE(write_file_atomically(folder / "file", bytes_of("text"), FileAccess::kEveryone));
  REQUIRE(remove_file(folder / "file"));
  CHECK_FALSE(fs::exists(folder / "file"));
  CHECK(remove_file(folder / "file"));
}

TEST_CASE("what is no file is not removed") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "folder");
  const auto refused = remove_file(folder / "folder");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "file.remove");
  CHECK(refused.error().fault == Fault::kUnavailable);
  CHECK(fs::exists(folder / "folder"));
}

TEST_CASE("a lock that cannot be opened is nobodys") {
  const TemporaryFolder folder;
  const auto refused = FileLock::acquire(folder / "absent" / "lock", "test.locked", "somebody has it");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "file.lock");
  CHECK(refused.error().fault == Fault::kUnavailable);
}

TEST_CASE("folders are created with what is missing above them") {
  const TemporaryFolder folder;
  REQUIRE(create_folder(folder / "a" / "b", FileAccess::kOwnerOnly));
  CHECK(mode_of(folder / "a") == 0700);
  CHECK(mode_of(folder / "a" / "b") == 0700);
  CHECK(create_folder(folder / "a" / "b", FileAccess::kEveryone));
  CHECK(mode_of(folder / "a" / "b") == 0700);
  REQUIRE(write_file_atomically(folder / "file", bytes_of("text"), FileAccess::kEveryone));
  CHECK(create_folder(folder / "file", FileAccess::kEveryone).error().rule == "file.folder");
}

TEST_CASE("a lock is held by one and freed with its holder") {
  const TemporaryFolder folder;
  Result<FileLock> first = FileLock::acquire(folder / "lock", "test.locked", "somebody has it");
  REQUIRE(first);
  const Result<FileLock> second = FileLock::acquire(folder / "lock", "test.locked", "somebody has it");
  REQUIRE_FALSE(second);
  CHECK(second.error().rule == "test.locked");
  CHECK(second.error().fault == Fault::kBadInput);
  { const FileLock released = std::move(*first); }
  CHECK(FileLock::acquire(folder / "lock", "test.locked", "somebody has it"));
}

}  // namespace
}  // namespace blindbook::service
