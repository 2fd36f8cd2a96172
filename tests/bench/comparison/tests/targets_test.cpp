#include "tests/bench/comparison/targets.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "tests/bench/comparison/grid.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::bench {
namespace {

TEST_CASE("files to be written are refused beforehand when they cannot be or are the same") {
  const test_support::TemporaryFolder folder;
  const std::string there = (folder / "there").string();
  std::ofstream(there) << "an old result";
  std::filesystem::create_directory(folder / "folder");
  const std::string fresh = (folder / "fresh").string();
  require_targets({{"--output", there}, {"--report", fresh}});
  CHECK_THROWS_WITH(require_targets({{"--report", "/dev/null"}}), Catch::Contains("is no file"));
  CHECK_THROWS_WITH(require_targets({{"--report", (folder / "folder").string()}}),
                    Catch::Contains("is no file"));
  CHECK_THROWS_WITH(require_targets({{"--report", (folder / "absent" / "x").string()}}),
                    Catch::Contains("nothing can be written"));
  const std::string roundabout = (folder / "folder" / ".." / "fresh").string();
  CHECK_THROWS_WITH(require_targets({{"--output", fresh}, {"--report", roundabout}}),
                    Catch::Contains("--output and --report are the same file"));
}

}  // namespace
}  // namespace blindbook::bench
