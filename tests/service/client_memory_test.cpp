#include "blindbook/service/client_memory.h"

#include <cstdlib>
#include <fstream>

#include <catch2/catch.hpp>

#include "tests/support/deterministic_random.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::service {
namespace {

TEST_CASE("opening a state removes what killed runs left of it") {
  const test_support::TemporaryFolder folder;
  test_support::DeterministicRandom random(1);
  const protocol::RootFingerprint root;
  { REQUIRE(ClientMemory::open(folder / "state", root, random)->save(random)); }
  for (const char* name : {".state.aB3x9Z", ".state.key.aB3x9Z", ".letter.aB3x9Z"}) {
    std::ofstream(folder / name) << "numbers";
  }
  REQUIRE(ClientMemory::open(folder / "state", root, random));
  CHECK_FALSE(std::filesystem::exists(folder / ".state.aB3x9Z"));
  CHECK_FALSE(std::filesystem::exists(folder / ".state.key.aB3x9Z"));
  CHECK(std::filesystem::exists(folder / ".letter.aB3x9Z"));
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
