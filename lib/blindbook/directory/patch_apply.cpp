#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "blindbook/directory/golomb_rice.h"
#include "blindbook/directory/patch.h"

namespace blindbook::directory {
namespace {

/// The rows of the next edition in their order, told as often as they are asked for and held nowhere: two lists of all
/// tags would be the largest thing in a client's memory.
class NextRows {
 public:
  NextRows(const Header& header, const Layout& layout, ByteView file, const Patch& patch)
      : rice_(header.rice),
        entries_(header.entries),
        row_bytes_(layout.row_bytes),
        body_(file.subspan(layout.header_bytes, layout.body_bytes)),
        column_(file.last(static_cast<std::size_t>(layout.column_bytes))),
        patch_(patch) {}

  [[nodiscard]] std::size_t size() const noexcept {
    return static_cast<std::size_t>(entries_) - patch_.leavers.size() + patch_.tags.size();
  }

  /// visit(row) for each row. False when the file is not coded in the one way there is.
  template <class Visit>
  [[nodiscard]] bool each(Visit visit) const {
    const RowsView joins = patch_.joins();
    std::size_t join = 0;
    auto leaver = patch_.leavers.begin();
    TagDecoder decoder(rice_);
    decoder.feed(body_);
    for (std::size_t rank = 0; rank < entries_; ++rank) {
      if (decoder.next() != TagDecoder::Step::kTag) {
        return false;
      }
      if (leaver != patch_.leavers.end() && *leaver == rank) {
        ++leaver;
        continue;
      }
      const RowView row{decoder.tag(), column_.subspan(rank * row_bytes_, row_bytes_)};
      for (; join < joins.size() && patch_.tags[join] <= row.tag && joins[join] < row; ++join) {
        visit(joins[join]);
      }
      visit(row);
    }
    for (; join < joins.size(); ++join) {
      visit(joins[join]);
    }
    return entries_ == 0 || (decoder.take_padding() && decoder.has_canonical_rice());
  }

 private:
  unsigned rice_;
  std::uint64_t entries_;
  std::size_t row_bytes_;
  ByteView body_;
  ByteView column_;
  const Patch& patch_;
};

/// The Rice parameter of `rows`, most likely that of the edition before. Nothing when the file cannot be read.
std::optional<RiceChoice> choose_rice(const NextRows& rows, unsigned before) {
  if (rows.size() == 0) {
    return rows.each([](const RowView&) {}) ? std::optional(RiceChoice{.k = 0, .bits = 0}) : std::nullopt;
  }
  unsigned k = before;
  for (bool guessed = false;; guessed = true) {
    RiceTally tally(k);
    std::uint64_t last = 0;
    const bool read = rows.each([&](const RowView& row) {
      tally.add_gap(row.tag - last);
      last = row.tag;
    });
    if (!read) {
      return std::nullopt;
    }
    if (!tally.should_grow() && !tally.should_shrink()) {
      return RiceChoice{.k = k, .bits = tally.bits()};
    }
    k = !guessed ? guess_rice(rows.size(), last) : tally.should_grow() ? k + 1 : k - 1;
  }
}

Bytes encode(const NextRows& rows, const RiceChoice& rice, Header header) {
  header.rice = static_cast<std::uint8_t>(rice.k);
  header.entries = rows.size();
  Bytes out = encode_header(header);
  const std::size_t body_at = out.size();
  const auto body_bytes = static_cast<std::size_t>((rice.bits + 7) / 8);
  out.resize(body_at + body_bytes + rows.size() * sealed_bytes(header.label_bytes));
  TagEncoder tags(rice.k, MutableBytes(out).subspan(body_at, body_bytes));
  auto label = out.begin() + static_cast<std::ptrdiff_t>(body_at + body_bytes);
  static_cast<void>(rows.each([&](const RowView& row) {
    tags.put(row.tag);
    label = std::copy(row.sealed.begin(), row.sealed.end(), label);
  }));
  tags.finish();
  return out;
}

}  // namespace

Result<Bytes> apply_patch(ByteView file, const Patch& patch) {
  Result<Header> header = parse_header(file);
  if (!header) {
    return failed(header);
  }
  const Result<Layout> layout = layout_of(*header, file.size());
  if (!layout) {
    return tl::unexpected<Error>(layout.error());
  }
  if (header->suite != patch.suite || header->epoch != patch.epoch || header->edition != patch.from ||
      header->label_bytes != patch.label_bytes) {
    return peer_misbehaved("patch.edition", "the patch is for another directory");
  }
  if (!patch.leavers.empty() && patch.leavers.back() >= header->entries) {
    return peer_misbehaved("patch.rank", "the patch takes a row away that the directory does not have");
  }
  const NextRows rows(*header, *layout, file, patch);
  const std::optional<RiceChoice> rice = choose_rice(rows, header->rice);
  if (!rice) {
    return peer_misbehaved("directory.body", "the tags are not coded in the one way there is");
  }
  header->edition = patch.to;
  return encode(rows, *rice, std::move(*header));
}

}  // namespace blindbook::directory
