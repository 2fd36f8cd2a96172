#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/directory/header.h"
#include "blindbook/directory/root.h"

namespace blindbook::directory {

/// Makes a directory out of its rows, given in any order. The result depends on the header and the multiset
/// of rows alone: rows are ordered by (tag, sealed), and the Rice parameter is the one of golomb_rice.h.
///
/// Memory: 12 bytes a row and one buffer, in which the rows are collected and the file is made. With
/// reserve() that is 12 bytes a row and the file, at 10^6 rows with 24-byte labels about 50 MB; without it,
/// growing may double it.
class Builder {
 public:
  /// `label_bytes` = L and `label_template` as in Header.
  Builder(SuiteId suite, const EpochId& epoch, Edition edition, std::uint16_t label_bytes,
          std::string label_template);

  /// Makes room for `rows` rows and for the file of that many.
  void reserve(std::size_t rows);

  /// Adds a row. `sealed` is what LabelSealer::seal() wrote, empty without labels. Rows may be equal.
  void add(Tag tag, ByteView sealed);

  /// Rows added so far.
  [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }

  /// The whole file. ApiMisuse "directory.header" when the header has a fault, "directory.row" when a row had
  /// a tag of more than 56 bits or a sealed label of another size, or more than kMaxEqualRows have one tag.
  [[nodiscard]] Result<Bytes> finish() &&;

 private:
  // Tag (56 bits) and place of the sealed label (40 bits), compared in that order, in 12 bytes.
  using Key = std::array<std::uint32_t, 3>;
  [[nodiscard]] static Key make_key(std::uint64_t tag, std::uint64_t place) noexcept;
  [[nodiscard]] static std::uint64_t tag_of_key(const Key& key) noexcept;
  [[nodiscard]] static std::size_t place_of_key(const Key& key) noexcept;

  void order_rows();
  void move_rows_to_ranks();

  Header header_;
  std::size_t row_bytes_;
  std::vector<Key> keys_;
  Bytes sealed_;  // one after the other as added; becomes the file
  bool has_bad_row_ = false;
};

}  // namespace blindbook::directory
