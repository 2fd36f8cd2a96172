#pragma once

#include <cstdint>
#include <string>

#include "tests/bench/calibrate/calibrate.h"

/// What whole commands take, as processes of their own: medians, in CPU seconds, user and system.
namespace blindbook::bench {

struct CommandSeconds {
  /// `discover`, first runs, and what `serve` used meanwhile. The directory of few has two entries.
  /// @{
  double discover_one_of_few = 0;  ///< a contact
  double serve_one_of_few = 0;
  double discover_book_of_few = 0;  ///< kBook contacts, as people write their numbers
  double serve_book_of_few = 0;
  double discover_one_of_many = 0;  ///< a contact, the directory of `rows` entries with labels of 24 bytes
  double serve_one_of_many = 0;
  /// @}
  double refresh_one_of_many = 0;  ///< `discover --refresh` a day later, by a patch
  double serve_refresh_of_many = 0;
  double publish_few = 0;    ///< `publish` of two rows
  double publish_first = 0;  ///< `publish` of all rows, with labels
  double publish_next = 0;   ///< of the next edition, in which `joins` rows left and as many joined

  static constexpr std::uint64_t kBook = 1'000;
  std::uint64_t rows = 0;
  std::uint64_t joins = 0;
  std::uint64_t first_directory_bytes = 0;
  std::uint64_t next_directory_bytes = 0;
};

/// Runs options.program on loopback over TLS, nothing cached. Throws as calibrate() does.
[[nodiscard]] CommandSeconds measure_commands(const CalibrationOptions& options);

}  // namespace blindbook::bench
