// OpenSSL's low-level calls: EVP_DigestInit_ex fetches and allocates per hash, which costs as much as the
// compression of a short message, and a directory is built from 10^7 short messages.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "blindbook/hash/sha2.h"

#include <new>

#include <openssl/sha.h>

#include "blindbook/base/constant_time.h"

namespace blindbook::hash {
namespace {

template <class Context, std::size_t N>
Context* context(std::array<std::byte, N>& storage) noexcept {
  static_assert(sizeof(Context) == N && alignof(Context) <= alignof(std::uint64_t));
  return std::launder(reinterpret_cast<Context*>(storage.data()));
}

template <std::size_t N>
void wipe_state(std::array<std::byte, N>& storage) noexcept {
  wipe({reinterpret_cast<std::uint8_t*>(storage.data()), N});
}

template <class Hash>
typename Hash::Digest digest_of(std::initializer_list<ByteView> parts) noexcept {
  Hash hash;
  for (const ByteView part : parts) {
    hash.update(part);
  }
  return hash.finish();
}

}  // namespace

Sha256::Sha256() noexcept {
  SHA256_Init(new (state_.data()) SHA256_CTX);
}
Sha256::~Sha256() {
  wipe_state(state_);
}

Sha256& Sha256::update(ByteView bytes) noexcept {
  SHA256_Update(context<SHA256_CTX>(state_), bytes.data(), bytes.size());
  return *this;
}

Sha256::Digest Sha256::finish() noexcept {
  Digest digest;
  SHA256_Final(digest.data(), context<SHA256_CTX>(state_));
  SHA256_Init(context<SHA256_CTX>(state_));
  return digest;
}

Sha512::Sha512() noexcept {
  SHA512_Init(new (state_.data()) SHA512_CTX);
}
Sha512::~Sha512() {
  wipe_state(state_);
}

Sha512& Sha512::update(ByteView bytes) noexcept {
  SHA512_Update(context<SHA512_CTX>(state_), bytes.data(), bytes.size());
  return *this;
}

Sha512::Digest Sha512::finish() noexcept {
  Digest digest;
  SHA512_Final(digest.data(), context<SHA512_CTX>(state_));
  SHA512_Init(context<SHA512_CTX>(state_));
  return digest;
}

Sha256::Digest sha256(std::initializer_list<ByteView> parts) noexcept {
  return digest_of<Sha256>(parts);
}
Sha512::Digest sha512(std::initializer_list<ByteView> parts) noexcept {
  return digest_of<Sha512>(parts);
}

}  // namespace blindbook::hash
