#include "blindbook/service/client_memory.h"

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

}  // namespace
}  // namespace blindbook::service
