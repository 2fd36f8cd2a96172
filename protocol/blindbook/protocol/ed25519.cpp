#include "blindbook/protocol/ed25519.h"

#include <memory>
#include <stdexcept>

#include <openssl/evp.h>

namespace blindbook::protocol {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;

void require(bool done) {
  if (!done) {
    throw std::runtime_error("OpenSSL cannot work with Ed25519");
  }
}

Key private_key(const Secret<32>& seed) {
  Key key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.expose().data(), seed.expose().size()));
  require(key != nullptr);
  return key;
}

Bytes joined(std::initializer_list<ByteView> parts) {
  Bytes all;
  for (const ByteView part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace

Ed25519SecretKey Ed25519SecretKey::generate(RandomSource& random) {
  Secret<32> seed;
  random.fill(seed.expose_mutable());
  return Ed25519SecretKey(std::move(seed));
}

Ed25519PublicKey Ed25519SecretKey::public_key() const {
  const Key key = private_key(seed_);
  Ed25519PublicKey out;
  std::size_t size = Ed25519PublicKey::kSize;
  require(EVP_PKEY_get_raw_public_key(key.get(), out.mutable_view().data(), &size) == 1);
  return out;
}

Ed25519Signature Ed25519SecretKey::sign(std::initializer_list<ByteView> message) const {
  const Bytes all = joined(message);
  const Key key = private_key(seed_);
  const Context context(EVP_MD_CTX_new());
  Ed25519Signature out;
  std::size_t size = Ed25519Signature::kSize;
  require(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  require(EVP_DigestSign(context.get(), out.mutable_view().data(), &size, all.data(), all.size()) == 1);
  return out;
}

bool verify(const Ed25519PublicKey& key, std::initializer_list<ByteView> message,
            const Ed25519Signature& signature) {
  const Bytes all = joined(message);
  const Key handle(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.view().data(), key.view().size()));
  const Context context(EVP_MD_CTX_new());
  return handle != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.view().data(), signature.view().size(), all.data(),
                          all.size()) == 1;
}

}  // namespace blindbook::protocol
