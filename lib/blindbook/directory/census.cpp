#include "blindbook/directory/census.h"

#include "blindbook/directory/golomb_rice.h"
#include "blindbook/directory/header.h"

namespace blindbook::directory {

Result<Census> census_of(ByteView file) {
  const auto header = parse_header(file);
  if (!header) {
    return tl::unexpected<Error>(header.error());
  }
  const auto layout = layout_of(*header, file.size());
  if (!layout) {
    return tl::unexpected<Error>(layout.error());
  }
  Census out{.entries = header->entries};
  TagDecoder decoder(header->rice);
  decoder.feed(file.subspan(layout->header_bytes, layout->body_bytes));
  std::uint64_t previous = 0;
  for (std::uint64_t rank = 0; rank < header->entries; ++rank) {
    if (decoder.next() != TagDecoder::Step::kTag) {
      return peer_misbehaved("directory.body", "the tags end early, or pass 56 bits");
    }
    out.distinct_tags += rank == 0 || decoder.tag() != previous ? 1U : 0U;
    previous = decoder.tag();
  }
  out.body_bits = decoder.position();
  if (header->entries != 0 && !(decoder.has_canonical_rice() && decoder.take_padding())) {
    return peer_misbehaved("directory.body", "the tags are not coded in the one way there is");
  }
  return out;
}

}  // namespace blindbook::directory
