#pragma once

#include "blindbook/base/bytes.h"
#include "blindbook/base/secret.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::hash {

/// HKDF-Extract (RFC 5869 section 2.2). An empty `salt` stands for the string of zeros. The result has
/// digest_bytes(id) bytes.
[[nodiscard]] SecretBytes hkdf_extract(HashId id, ByteView salt, ByteView ikm);

/// HKDF-Expand (RFC 5869 section 2.3) into all of `out`. Throws std::invalid_argument when `out` is longer
/// than 255 digests: lengths are the program's own, never a peer's.
void hkdf_expand(HashId id, ByteView prk, ByteView info, MutableBytes out);

}  // namespace blindbook::hash
