#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/directory/header.h"

namespace blindbook::directory {

/// Looks tags up in a directory held in memory. Built by who reads, never stored: for every 64 entries the
/// tag before them and the bit at which they start, 16 bytes. Immutable and thread-safe once made.
class PageIndex {
 public:
  static constexpr std::size_t kPageEntries = 64;

  /// Rows of one tag, which follow each other.
  struct Rows {
    std::uint64_t first_rank;
    std::uint64_t count;
  };

  /// Indexes a whole file. PeerMisbehaved "directory.root" when it is not the one of `root`; the errors of
  /// StreamReader::feed() when the file of that root is malformed. Header fields are for the caller to
  /// compare.
  /// @{
  [[nodiscard]] static Result<PageIndex> open(Bytes&& file, const Root& root);
  /// `file` must outlive the index.
  [[nodiscard]] static Result<PageIndex> open(ByteView file, const Root& root);
  /// @}

  PageIndex(const PageIndex&) = delete;
  PageIndex& operator=(const PageIndex&) = delete;
  PageIndex(PageIndex&&) noexcept = default;
  PageIndex& operator=(PageIndex&&) noexcept = default;
  ~PageIndex() = default;

  /// The rows with this tag; count 0 when there are none.
  [[nodiscard]] Rows find(Tag tag) const noexcept;

  /// siv and label of the row at `rank` < header().entries; empty without labels.
  [[nodiscard]] ByteView sealed(std::uint64_t rank) const noexcept;

  [[nodiscard]] const Header& header() const noexcept { return header_; }

 private:
  PageIndex() = default;
  [[nodiscard]] Result<void> index();

  Bytes owned_;
  ByteView file_;  // owned_, or the caller's; moving a vector leaves its bytes where they are
  Header header_;
  ByteView body_;
  ByteView column_;
  std::size_t row_bytes_ = 0;
  std::vector<std::uint64_t> tags_before_;  // per page: the tag before its first entry
  std::vector<std::uint64_t> first_bits_;   // per page: where the code of its first entry starts in the body
};

}  // namespace blindbook::directory
