#include "tests/bench/comparison/targets.h"

#include <filesystem>
#include <map>
#include <system_error>

#include <unistd.h>

#include "tests/bench/comparison/grid.h"

namespace blindbook::bench {

void require_targets(const std::vector<std::pair<std::string, std::string>>& files) {
  namespace fs = std::filesystem;
  std::map<fs::path, std::string> seen;
  for (const auto& [option, file] : files) {
    std::error_code ignored;
    const fs::path path = fs::weakly_canonical(fs::absolute(file), ignored);
    const fs::path folder = path.parent_path();
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
      throw BadRequest("nothing can be written in " + folder.string(),
                       option + " names a file in a folder that is there");
    }
    if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored)) {
      throw BadRequest(file + " is there, and is no file", option + " takes another name");
    }
    const auto [at, is_new] = seen.emplace(path, option);
    if (!is_new) {
      throw BadRequest(at->second + " and " + option + " are the same file", "each needs a name of its own");
    }
  }
}

}  // namespace blindbook::bench
