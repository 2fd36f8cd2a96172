#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "blindbook/directory/builder.h"
#include "blindbook/directory/reader.h"

#include "tests/support/deterministic_random.h"

namespace blindbook::test_support {

struct DirectoryRow {
  std::uint64_t tag;
  Bytes sealed;

  friend bool operator==(const DirectoryRow&, const DirectoryRow&) = default;
  /// The order of a directory. Not defaulted: g++ 12 warns falsely about the three-way order of vectors.
  friend bool operator<(const DirectoryRow& a, const DirectoryRow& b) {
    return a.tag != b.tag ? a.tag < b.tag : text_of(a.sealed) < text_of(b.sealed);
  }
};

inline const EpochId kDirectoryEpoch(std::array<std::uint8_t, 16>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
                                                                  14, 15, 16});

/// `count` rows of random tags below 2^`tag_bits`, with random bytes in place of sealed labels.
inline std::vector<DirectoryRow> random_rows(RandomSource& random, std::size_t count,
                                             std::uint16_t label_bytes, unsigned tag_bits = 56) {
  std::vector<DirectoryRow> rows(count);
  for (DirectoryRow& row : rows) {
    row.tag = uniform_below(random, std::uint64_t{1} << tag_bits);
    row.sealed.resize(directory::sealed_bytes(label_bytes));
    random.fill(row.sealed);
  }
  return rows;
}

inline Bytes build_directory(const std::vector<DirectoryRow>& rows, std::uint16_t label_bytes) {
  directory::Builder builder(SuiteId::kRistretto255Sha512, kDirectoryEpoch, Edition(1), label_bytes,
                             "@{}:city.example");
  for (const DirectoryRow& row : rows) {
    builder.add(Tag(row.tag), row.sealed);
  }
  return std::move(builder).finish().value();
}

/// What an honest announcement says about `file`.
inline directory::ExpectedHeader announced(ByteView file) {
  const directory::Header header = directory::parse_header(file).value();
  return {.suite = header.suite,
          .epoch = header.epoch,
          .edition = header.edition,
          .entries = header.entries,
          .label_bytes = header.label_bytes,
          .label_template = header.label_template,
          .file_size = file.size()};
}

/// Feeds `file` in chunks of `chunk` bytes, each in memory of its own, so that a view kept too long is found.
inline Result<directory::UnverifiedMatches> read_directory(ByteView file,
                                                           const directory::ExpectedHeader& expected,
                                                           const std::vector<Tag>& own,
                                                           std::size_t chunk = 4096) {
  directory::StreamReader reader(expected, own);
  while (!file.empty()) {
    const ByteView front = file.first(std::min(chunk, file.size()));
    file = file.subspan(front.size());
    const Bytes arrived(front.begin(), front.end());
    if (auto fed = reader.feed(arrived); !fed) {
      return failed(fed);
    }
  }
  return std::move(reader).finish();
}

/// The rule that rejects `file`; "accepted" when none does.
inline std::string rejecting_rule(ByteView file, const directory::ExpectedHeader& expected,
                                  std::size_t chunk = 4096) {
  const auto found = read_directory(file, expected, {}, chunk);
  return found ? "accepted" : std::string(found.error().rule);
}

}  // namespace blindbook::test_support
