#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/directory/header.h"

namespace blindbook::directory {

/// A row as rows are ordered: by tag, then by the bytes of the sealed label.
struct RowView {
  std::uint64_t tag;
  ByteView sealed;  ///< empty without labels

  friend bool operator==(const RowView& a, const RowView& b) noexcept;
  friend bool operator<(const RowView& a, const RowView& b) noexcept;
};

/// Rows in their order. A view: tags and column belong to somebody else.
struct RowsView {
  std::span<const std::uint64_t> tags;
  ByteView column;            ///< tags.size() * row_bytes bytes
  std::size_t row_bytes = 0;  ///< of a sealed label; 0 without labels

  [[nodiscard]] std::size_t size() const noexcept { return tags.size(); }
  [[nodiscard]] RowView operator[](std::size_t rank) const noexcept {
    return {tags[rank], column.subspan(rank * row_bytes, row_bytes)};
  }
};

/// A whole directory, decoded. `file` must outlive it.
struct DecodedDirectory {
  Header header;
  std::vector<std::uint64_t> tags;
  ByteView column;

  [[nodiscard]] RowsView rows() const noexcept { return {tags, column, sealed_bytes(header.label_bytes)}; }
};

/// PeerMisbehaved "directory.header", "directory.size", and "directory.body" when the tags are not coded
/// canonically. The order of sealed labels within one tag is not looked at.
[[nodiscard]] Result<DecodedDirectory> decode_directory(ByteView file);

/// The file of `rows`, which are in order, under `header`, whose rice and entries are taken from them. The same
/// bytes as Builder's.
[[nodiscard]] Bytes encode_directory(Header header, const RowsView& rows);

}  // namespace blindbook::directory
