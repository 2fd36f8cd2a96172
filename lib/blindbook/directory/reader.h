#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/directory/golomb_rice.h"
#include "blindbook/directory/header.h"
#include "blindbook/directory/matches.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::directory {

/// What the announcement says about a directory; the file must say the same.
struct ExpectedHeader {
  SuiteId suite{};
  EpochId epoch;
  Edition edition;
  std::uint64_t entries = 0;
  std::uint16_t label_bytes = 0;  ///< L; 0 = no label column
  std::string label_template;
  std::uint64_t file_size = 0;  ///< bytes of the whole file
};

/// Finds the client's own tags in a directory while it arrives, in chunks of any size:
///
///     StreamReader reader(expected, own_tags);
///     while (chunk arrives) { if (auto fed = reader.feed(chunk); !fed) return fed.error(); }
///     auto unverified = std::move(reader).finish();
///     auto matches = std::move(*unverified).verify(root);
///
/// Memory is that of the own tags and of the label rows that match. Reads every byte whatever it finds, and
/// fails at a byte that depends on the file alone, so that nobody who watches the download learns of a match.
/// Accepts no coding of the tags but Builder's: canonical Rice parameter, zero padding, no byte more. The order of
/// sealed labels within one tag is under the root and nothing depends on it, so it is not looked at.
class StreamReader {
 public:
  /// `own_tags` in any order, duplicates allowed, each below 2^56.
  StreamReader(ExpectedHeader expected, const std::vector<Tag>& own_tags);

  /// Takes the next bytes of the file; keeps no view of them. PeerMisbehaved "directory.header" when the
  /// header is malformed or says other than expected, "directory.size" when the file is longer than expected
  /// or too short for its entries, "directory.body" when the tags are not coded canonically or more than
  /// kMaxEqualRows are equal. After an error every call repeats it.
  [[nodiscard]] Result<void> feed(ByteView chunk);

  /// What was found. PeerMisbehaved "directory.size" when bytes are missing; else the error of feed(), if
  /// there was one.
  [[nodiscard]] Result<UnverifiedMatches> finish() &&;

 private:
  [[nodiscard]] Result<void> consume(ByteView chunk);
  [[nodiscard]] Result<void> take_header(ByteView& chunk);
  [[nodiscard]] Result<void> take_body(ByteView& chunk);
  void take_column(ByteView chunk);
  void meet(std::uint64_t tag);

  ExpectedHeader expected_;
  UnverifiedMatches found_;
  hash::Sha256 hash_;
  std::uint64_t received_ = 0;
  std::optional<Error> failure_;

  Bytes header_;                  // until it is whole
  std::optional<Layout> layout_;  // from then on
  TagDecoder decoder_{0};
  std::uint64_t body_left_ = 0;
  std::uint64_t rank_ = 0;      // tags read
  std::uint64_t last_tag_ = 0;  // the last of them
  std::uint64_t equal_ = 0;     // so many of them, at the end, are equal
  std::size_t own_ = 0;         // the first own tag not below the tags read
  std::uint64_t next_own_ = 0;  // its tag, or more than any tag
  std::uint64_t column_offset_ = 0;
  std::size_t column_run_ = 0;  // the first run whose label rows are not all there
};

}  // namespace blindbook::directory
