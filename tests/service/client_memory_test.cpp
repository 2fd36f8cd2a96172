#include "blindbook/service/client_memory.h"

#include <cstdlib>
#include <fstream>

#include <catch2/catch.hpp>

#include "blindbook/service/atomic_file.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::service {
namespace {

TEST_CASE("opening a state removes what killed runs left of it") {
  const test_support::TemporaryFolder folder;
  test_support::DeterministicRandom random(1);
  const protocol::RootFingerprint root;
  { REQUIRE(ClientMemory::open(folder / "state", root, random)->save(random)); }
  const auto leftovers = {".state.aB3x9Z", ".state.key.aB3x9Z", ".evidence-1795646684.bbe.aB3x9Z"};
  const auto others = {".letter.aB3x9Z", "evidence-1795646684.bbe", ".evidence-1795646684.bbe",
                       ".evidence-1.aB3x9Z"};
  for (const auto& names : {leftovers, others}) {
    for (const char* name : names) {
      std::ofstream(folder / name) << "numbers";
    }
  }
  REQUIRE(ClientMemory::open(folder / "state", root, random));
  for (const char* name : leftovers) {
    INFO(name);
    CHECK_FALSE(std::filesystem::exists(folder / name));
  }
  for (const char* name : others) {
    INFO(name);
    CHECK(std::filesystem::exists(folder / name));
  }
}

TEST_CASE("evidence is kept beside evidence of the same second") {
  const test_support::TemporaryFolder folder;
  test_support::DeterministicRandom random(1);
  auto memory = ClientMemory::open(folder / "state", {}, random);
  REQUIRE(memory);
  for (const std::string text : {"first", "second", "third"}) {
    const auto kept = memory->keep_evidence(bytes_of(text), UnixTime(1'795'646'684));
    REQUIRE(kept);
    REQUIRE(kept->has_value());
    CHECK((*kept)->extension() == ".bbe");
    CHECK(text_of(*read_file(**kept, 100)) == text);
  }
  CHECK(text_of(*read_file(folder / "evidence-1795646684.bbe", 100)) == "first");
  CHECK(text_of(*read_file(folder / "evidence-1795646684-2.bbe", 100)) == "second");
}

TEST_CASE("without a home there is no place for a state") {
  const protocol::RootFingerprint root;
  const test_support::TemporaryFolder folder;
  const std::string home = folder.path().string();
  REQUIRE(::setenv("HOME", home.c_str(), 1) == 0);
  REQUIRE(::setenv("XDG_STATE_HOME", "relative", 1) == 0);  // which its specification says to ignore
  const std::string state = "blindbook/" + root.hex() + "/state";
  CHECK(default_state_file(root).value() == folder / ".local" / "state" / state);
  REQUIRE(::unsetenv("XDG_STATE_HOME") == 0);
  CHECK(default_state_file(root).value() == folder / ".local" / "state" / state);
  REQUIRE(::unsetenv("HOME") == 0);
  const auto refused = default_state_file(root);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "state.home");
  CHECK(refused.error().hint.find("--state") != std::string::npos);
}

TEST_CASE("a state key of another length is refused") {
  const test_support::TemporaryFolder folder;
  test_support::DeterministicRandom random(1);
  const protocol::RootFingerprint root;
  { REQUIRE(ClientMemory::open(folder / "state", root, random)->save(random)); }
  std::ofstream(folder / "state.key", std::ios::trunc) << "short";
  CHECK(ClientMemory::open(folder / "state", root, random).error().rule == "state.key");
}

}  // namespace
}  // namespace blindbook::service
