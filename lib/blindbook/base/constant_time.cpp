#include "blindbook/base/constant_time.h"

#include <openssl/crypto.h>

namespace blindbook {

bool equal_constant_time(ByteView a, ByteView b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(MutableBytes bytes) noexcept {
  OPENSSL_cleanse(bytes.data(), bytes.size());
}

// Not inline, so that tests/ct can stand in for them without another build of the library.
bool declassify(bool fact) noexcept {
  return fact;
}
void declassify(const void* /*bytes*/, std::size_t /*size*/) noexcept {}

}  // namespace blindbook
