#include "blindbook/directory/rows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "blindbook/directory/coded_numbers.h"

namespace blindbook::directory {

bool operator==(const RowView& a, const RowView& b) noexcept {
  return a.tag == b.tag && std::ranges::equal(a.sealed, b.sealed);
}

bool operator<(const RowView& a, const RowView& b) noexcept {
  return a.tag != b.tag ? a.tag < b.tag : std::ranges::lexicographical_compare(a.sealed, b.sealed);
}

Result<DecodedDirectory> decode_directory(ByteView file) {
  Result<Header> header = parse_header(file);
  if (!header) {
    return failed(header);
  }
  const Result<Layout> layout = layout_of(*header, file.size());
  if (!layout) {
    return tl::unexpected<Error>(layout.error());
  }
  auto tags =
      decode_numbers(file.subspan(layout->header_bytes, layout->body_bytes), header->entries, header->rice);
  if (!tags) {
    return peer_misbehaved("directory.body", std::string(tags.error()));
  }
  return DecodedDirectory{
      .header = std::move(*header),
      .tags = std::move(*tags),
      .column = file.last(static_cast<std::size_t>(layout->column_bytes)),
  };
}

Bytes encode_directory(Header header, const RowsView& rows) {
  const CodedNumbers coded = code_numbers(rows.tags);
  header.rice = static_cast<std::uint8_t>(coded.rice);
  header.entries = rows.size();
  Bytes out = encode_header(header);
  out.reserve(out.size() + coded.body.size() + rows.column.size());
  out.insert(out.end(), coded.body.begin(), coded.body.end());
  out.insert(out.end(), rows.column.begin(), rows.column.end());
  return out;
}

}  // namespace blindbook::directory
