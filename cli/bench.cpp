// `blindbook bench`: hands over to blindbook-bench, which compares protocols. It is a program of its own so that none of
// those it compares blindbook with is part of this one.

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "cli/commands.h"

namespace blindbook::cli {
namespace {

constexpr std::string_view kProgram = "blindbook-bench";

/// Where it lies, from the folder of this program: beside it, installed, and as both are built.
constexpr std::array<std::string_view, 3> kFolders{".", BLINDBOOK_HELPERS, "../tests/bench/comparison"};

/// Empty when it is in none of them.
std::filesystem::path find_program() {
  std::error_code error;
  const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  for (const std::string_view folder : kFolders) {
    const std::filesystem::path there = (here / folder / kProgram).lexically_normal();
    if (!error && ::access(there.c_str(), X_OK) == 0) {
      return there;
    }
  }
  return {};
}

/// What was said, once more.
std::vector<std::string> words_of(const Arguments& arguments) {
  std::vector<std::string> out;
  for (const OptionRow& row : options()) {
    if (!row.belongs_to(arguments.command().command) || !arguments.has(row.name)) {
      continue;
    }
    out.push_back("--" + std::string(row.name));
    if (!row.argument.empty()) {
      out.back() += "=" + arguments.required(row.name);
    }
  }
  return out;
}

}  // namespace

Result<ExitCode> run_bench(const Arguments& arguments) {
  const std::filesystem::path program = find_program();
  if (program.empty()) {
    return bad_input("bench.missing", "this build of blindbook has no blindbook-bench",
                     "it is built, and installed, with -DBLINDBOOK_BUILD_BENCH=ON");
  }
  std::vector<std::string> words = words_of(arguments);
  words.insert(words.begin(), program.string());
  std::vector<char*> pointers;
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  // What --calibrate measures is this very program.
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error || ::setenv("BLINDBOOK_PROGRAM", self.c_str(), 1) != 0) {
    return unavailable("bench.start", "this program does not know where it lies");
  }
  ::execv(program.c_str(), pointers.data());
  return unavailable("bench.start", program.string() + " cannot be started: " + std::strerror(errno));
}

}  // namespace blindbook::cli
