#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"

namespace blindbook::directory {

/// One row of the directory whose tag is one of the client's own.
struct Match {
  std::size_t own_index;  ///< position in the own tags handed to the reader
  Bytes sealed;           ///< siv and label as sealed; empty without labels
};

/// Rows of a verified directory, ordered by own_index, then by rank. A tag that stands in the directory twice
/// gives two matches, and so does one that stands in the own tags twice.
struct Matches {
  std::vector<Match> matches;
};

/// What a StreamReader found before anybody compared the root: of no use but to verify().
class UnverifiedMatches {
 public:
  UnverifiedMatches(const UnverifiedMatches&) = delete;
  UnverifiedMatches& operator=(const UnverifiedMatches&) = delete;
  UnverifiedMatches(UnverifiedMatches&&) noexcept = default;
  UnverifiedMatches& operator=(UnverifiedMatches&&) noexcept = default;
  ~UnverifiedMatches() = default;

  /// The matches, when the file read is the one of `expected`; else PeerMisbehaved "directory.root".
  [[nodiscard]] Result<Matches> verify(const Root& expected) &&;

 private:
  friend class StreamReader;

  /// An own tag and its position in the caller's list.
  struct OwnTag {
    std::uint64_t tag;
    std::size_t index;
  };
  /// Consecutive rows of one tag.
  struct Run {
    std::size_t own;  ///< the first own tag equal to theirs, in the sorted list
    std::uint64_t first_rank;
    std::uint64_t rows;
  };

  explicit UnverifiedMatches(std::vector<OwnTag> own) : own_(std::move(own)) {}

  std::vector<OwnTag> own_;  // sorted by tag
  std::vector<Run> runs_;    // in rank order
  Bytes sealed_;             // the label rows of all runs, one after the other
  std::size_t row_bytes_ = 0;
  Root root_;
};

}  // namespace blindbook::directory
