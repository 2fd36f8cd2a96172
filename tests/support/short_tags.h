#pragma once

#include <cstdint>
#include <stdexcept>

#include "blindbook/base/bytes.h"
#include "blindbook/base/secret.h"
#include "blindbook/base/types.h"
#include "blindbook/directory/tag.h"

/// Tags that collide often enough to be tested. A tag has 56 bits, and nothing in the product can change
/// that; so a test cuts the PRF output instead, after Finalize and on both sides. Builder, reader and labels
/// then work as they always do, on tags of which the last 56 - w bits happen to be zero.
namespace blindbook::test_support {

/// `tag` with all but its first `bits` bits zero; random tags give 2^bits values, equally likely. `bits` is
/// 0..56.
[[nodiscard]] inline Tag short_tag(Tag tag, unsigned bits) {
  if (bits > directory::kTagBits) {
    throw std::invalid_argument("a tag has no more than 56 bits");
  }
  const unsigned cut = directory::kTagBits - bits;
  return Tag(tag.value() >> cut << cut);
}

/// `prf_output` with the tag cut to `bits` bits and every byte behind the tag as it was: two outputs with one
/// short tag still derive different label keys.
[[nodiscard]] inline SecretBytes with_short_tag(ByteView prf_output, unsigned bits) {
  SecretBytes out(prf_output);
  std::uint64_t tag = short_tag(directory::tag_of(prf_output), bits).value();
  const MutableBytes bytes = out.expose_mutable().first(directory::kTagBytes);
  for (std::size_t i = bytes.size(); i-- > 0; tag >>= 8) {
    bytes[i] = static_cast<std::uint8_t>(tag);
  }
  return out;
}

}  // namespace blindbook::test_support
