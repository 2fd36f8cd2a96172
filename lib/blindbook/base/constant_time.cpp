#include "blindbook/base/constant_time.h"

#include <cstring>

#include <openssl/crypto.h>

namespace blindbook {

bool equal_constant_time(ByteView a, ByteView b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

// OPENSSL_cleanse() stores eight bytes at a time: three times as long, for a kilobyte six times.
void wipe(MutableBytes bytes) noexcept {
  if (bytes.empty()) {
    return;  // its address may be null, which memset() must not see
  }
  std::memset(bytes.data(), 0, bytes.size());
  // Says that somebody may read the zeros, so that the compiler cannot leave them out.
  asm volatile("" : : "r"(bytes.data()) : "memory");
}

// Not inline, so that tests/ct can stand in for them without another build of the library.
bool declassify(bool fact) noexcept {
  return fact;
}
void declassify(const void* /*bytes*/, std::size_t /*size*/) noexcept {}

}  // namespace blindbook
