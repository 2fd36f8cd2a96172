// What it costs to embed libblindbook.so: bytes, dependencies, start-up, memory. Prints a table; docs/performance.md keeps
// one.
//
//   blindbook-embedding-costs
//
// Runs itself for what needs a process of its own: "start" loads the library and calls it; "indexed" holds a whole
// directory in memory, as an app with much memory and many lookups would.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <dlfcn.h>

#include "blindbook/directory/page_index.h"
#include "blindbook/directory/root.h"

#include "tests/capi/footprint.h"
#include "tests/support/deterministic_random.h"
#include "tests/support/directory_rows.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::bench {
namespace {

constexpr std::size_t kContacts = 1'000;
constexpr std::uint16_t kLabelBytes = 24;

/// What `command` prints.
std::string output_of(const std::string& command) {
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) {
    throw std::runtime_error("cannot run: " + command);
  }
  std::string out;
  std::array<char, 4096> piece{};
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), pipe)) {
    out.append(piece.data(), size);
  }
  if (pclose(pipe) != 0) {
    throw std::runtime_error("failed: " + command);
  }
  return out;
}

std::string quoted(const std::string& path) {
  return "'" + path + "'";
}

long peak_kib() {
  std::ifstream status("/proc/self/status");
  std::string word;
  long kib = 0;
  while (status >> word && word != "VmHWM:") {
  }
  status >> kib;
  return kib;
}

/// Microseconds to load the library and to have its version.
long start(const char* library) {
  const auto before = std::chrono::steady_clock::now();
  void* const handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  void* const symbol = handle == nullptr ? nullptr : dlsym(handle, "bb_abi_version");
  if (symbol == nullptr || reinterpret_cast<int (*)()>(symbol)() != 1) {
    throw std::runtime_error("the library does not start");
  }
  const auto spent = std::chrono::steady_clock::now() - before;
  return static_cast<long>(std::chrono::duration_cast<std::chrono::microseconds>(spent).count());
}

/// KiB to read the directory at `path` into memory, index it and look 1,000 tags up.
long indexed(const char* path) {
  const long before = peak_kib();
  Bytes file(std::filesystem::file_size(path));
  std::ifstream(path, std::ios::binary)
      .read(reinterpret_cast<char*>(file.data()), static_cast<std::streamsize>(file.size()));
  const Root root = directory::root_of(file);
  const auto index = directory::PageIndex::open(std::move(file), root).value();
  test_support::DeterministicRandom random(2);
  std::size_t found = 0;
  for (std::size_t i = 0; i < kContacts; ++i) {
    found += index.find(Tag(uniform_below(random, std::uint64_t{1} << 56))).count;
  }
  if (found > kContacts) {
    throw std::runtime_error("too many are found");
  }
  return peak_kib() - before;
}

void write_directory(const std::filesystem::path& path, std::size_t entries) {
  test_support::DeterministicRandom random(1);
  directory::Builder builder(SuiteId::kRistretto255Sha512, test_support::kDirectoryEpoch, Edition(1),
                             kLabelBytes, "");
  for (const auto& row : test_support::random_rows(random, entries, kLabelBytes)) {
    builder.add(Tag(row.tag), row.sealed);
  }
  std::ofstream(path, std::ios::binary) << text_of(std::move(builder).finish().value());
}

void print_library(const std::filesystem::path& folder) {
  const std::string library = BLINDBOOK_SHARED_LIBRARY;
  const std::string stripped = folder / "stripped.so";
  static_cast<void>(output_of("strip -o " + quoted(stripped) + " " + quoted(library)));
  std::printf("library, stripped              %ju bytes\n",
              static_cast<std::uintmax_t>(std::filesystem::file_size(stripped)));
  std::printf("needs                          %s\n",
              output_of("readelf -d " + quoted(stripped) +
                        " | sed -n 's/.*NEEDED.*\\[\\(.*\\)\\]/\\1/p' | tr '\\n' ' '")
                  .c_str());
}

void print_start(const std::string& self) {
  std::array<long, 21> times{};
  for (long& time : times) {
    time = std::stol(output_of(quoted(self) + " start " + quoted(BLINDBOOK_SHARED_LIBRARY)));
  }
  std::nth_element(times.begin(), times.begin() + 10, times.end());
  std::printf("load and first call            %ld us (median of 21 processes)\n", times[10]);
}

void print_memory(const std::string& self, const std::filesystem::path& folder) {
  std::printf("\nbeyond the library, KiB; labels of %d bytes\n", kLabelBytes);
  std::printf("%10s %10s %12s %12s %12s\n", "contacts", "entries", "evaluation", "streaming", "indexed");
  for (const std::size_t entries : {10'000U, 100'000U, 1'000'000U}) {
    for (const std::size_t contacts : {std::size_t{100}, kContacts}) {
      const auto streamed = test_support::measure_footprint(BLINDBOOK_FOOTPRINT_CLIENT, contacts, entries);
      std::printf("%10zu %10zu %12ld %12ld", contacts, entries, streamed.evaluated - streamed.loaded,
                  streamed.done - streamed.loaded);
      if (contacts == kContacts) {
        const std::string path = folder / "directory";
        write_directory(path, entries);
        std::printf(" %12ld", std::stol(output_of(quoted(self) + " indexed " + quoted(path))));
      }
      std::printf("\n");
    }
  }
}

}  // namespace
}  // namespace blindbook::bench

int main(int argc, char** argv) try {
  using namespace blindbook;
  const std::string_view part = argc == 3 ? argv[1] : "";
  if (part == "start" || part == "indexed") {
    std::printf("%ld\n", part == "start" ? bench::start(argv[2]) : bench::indexed(argv[2]));
    return 0;
  }
  const std::string self = std::filesystem::read_symlink("/proc/self/exe");
  const test_support::TemporaryFolder folder;
  bench::print_library(folder.path());
  bench::print_start(self);
  bench::print_memory(self, folder.path());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "blindbook-embedding-costs: error: %s\n", error.what());
  return 1;
}
