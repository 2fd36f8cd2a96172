#pragma once

#include <string>

namespace blindbook::test_support {

/// Peaks of resident memory of an app that runs through libblindbook.so, in KiB.
struct Footprint {
  long loaded = 0;     ///< before its first call
  long evaluated = 0;  ///< when its numbers are evaluated
  long done = 0;       ///< when the directory is read, as a stream
  std::size_t matches = 0;
};

/// Runs `client` (footprint_client) for `contacts` numbers (at most 1,000, of which 100 subscribe) against a directory of
/// `entries` with labels of 24 bytes. Throws std::runtime_error when it fails.
[[nodiscard]] Footprint measure_footprint(const std::string& client, std::size_t contacts,
                                          std::size_t entries);

}  // namespace blindbook::test_support
