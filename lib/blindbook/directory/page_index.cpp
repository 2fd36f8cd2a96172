#include "blindbook/directory/page_index.h"

#include <algorithm>
#include <utility>

#include "blindbook/directory/golomb_rice.h"
#include "blindbook/directory/root.h"

namespace blindbook::directory {

Result<PageIndex> PageIndex::open(Bytes&& file, const Root& root) {
  Bytes kept = std::move(file);
  auto opened = open(ByteView(kept), root);
  if (opened) {
    opened->owned_ = std::move(kept);
  }
  return opened;
}

Result<PageIndex> PageIndex::open(ByteView file, const Root& root) {
  if (root_of(file) != root) {
    return peer_misbehaved("directory.root", "the directory is not the one that was announced");
  }
  PageIndex out;
  out.file_ = file;
  if (auto indexed = out.index(); !indexed) {
    return failed(indexed);
  }
  return out;
}

Result<void> PageIndex::index() {
  auto header = parse_header(file_);
  if (!header) {
    return failed(header);
  }
  auto layout = layout_of(*header, file_.size());
  if (!layout) {
    return failed(layout);
  }
  header_ = *std::move(header);
  row_bytes_ = layout->row_bytes;
  const auto column_bytes = static_cast<std::size_t>(layout->column_bytes);
  column_ = file_.last(column_bytes);
  body_ = file_.subspan(layout->header_bytes).first(static_cast<std::size_t>(layout->body_bytes));

  // layout_of() has bounded the entries by the bits there are.
  const auto pages = static_cast<std::size_t>((header_.entries + kPageEntries - 1) / kPageEntries);
  tags_before_.reserve(pages);
  first_bits_.reserve(pages);
  TagDecoder decoder(header_.rice);
  decoder.feed(body_);
  std::uint64_t equal = 0;  // so many of the tags read, at the end, are equal
  for (std::uint64_t rank = 0; rank < header_.entries; ++rank) {
    if (rank % kPageEntries == 0) {
      tags_before_.push_back(decoder.tag());
      first_bits_.push_back(decoder.position());
    }
    const std::uint64_t last = decoder.tag();
    if (decoder.next() != TagDecoder::Step::kTag) {
      return peer_misbehaved("directory.body", "the tags are cut short or have more than 56 bits");
    }
    equal = decoder.tag() == last ? equal + 1 : 1;
    if (equal > kMaxEqualRows) {
      return peer_misbehaved("directory.body", "too many rows have one tag");
    }
  }
  if (!decoder.take_padding() || !decoder.has_canonical_rice()) {
    return peer_misbehaved("directory.body", "the tags are not coded canonically");
  }
  return {};
}

PageIndex::Rows PageIndex::find(Tag tag) const noexcept {
  Rows rows{.first_rank = 0, .count = 0};
  // The last page behind a smaller tag: equal tags cannot stand before it, and may go on behind it.
  const auto behind = std::lower_bound(tags_before_.begin(), tags_before_.end(), tag.value());
  const auto page = static_cast<std::size_t>(std::max<std::ptrdiff_t>(behind - tags_before_.begin(), 1) - 1);
  if (page >= tags_before_.size()) {
    return rows;
  }
  TagDecoder decoder(header_.rice, tags_before_[page]);
  decoder.feed(body_.subspan(static_cast<std::size_t>(first_bits_[page] / 8)));
  decoder.skip(static_cast<unsigned>(first_bits_[page] % 8));
  for (std::uint64_t rank = page * kPageEntries; rank < header_.entries; ++rank) {
    if (decoder.next() != TagDecoder::Step::kTag || decoder.tag() > tag.value()) {
      break;
    }
    if (decoder.tag() == tag.value()) {
      rows.first_rank = rows.count == 0 ? rank : rows.first_rank;
      ++rows.count;
    }
  }
  return rows;
}

ByteView PageIndex::sealed(std::uint64_t rank) const noexcept {
  return column_.subspan(static_cast<std::size_t>(rank) * row_bytes_, row_bytes_);
}

}  // namespace blindbook::directory
