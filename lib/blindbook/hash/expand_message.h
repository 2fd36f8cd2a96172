#pragma once

#include <initializer_list>

#include "blindbook/base/bytes.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::hash {

/// expand_message_xmd (RFC 9380 section 5.3.1): fills `out` with uniform bytes derived from the concatenation
/// of `msg` under the domain separation tag `dst`. A tag over 255 bytes is hashed first (section 5.3.3).
/// Branches and addresses depend on lengths alone. Throws std::invalid_argument when `out` is empty or longer
/// than 255 digests, or `dst` is empty: all three are the program's own, never a peer's.
void expand_message_xmd(HashId id, std::initializer_list<ByteView> msg, ByteView dst, MutableBytes out);

}  // namespace blindbook::hash
