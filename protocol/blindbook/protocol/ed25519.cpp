#include "blindbook/protocol/ed25519.h"

#include <memory>
#include <stdexcept>
#include <string_view>

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

/// Of the empty message: RFC 8032 section 7.1, test 1.
constexpr std::string_view kKnownKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
constexpr std::string_view kKnownSignature =
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0"
    "595bbe24655"
    "141438e7a100b";

bool openssl_verifies(ByteView key, ByteView message, ByteView signature) {
  const Key handle(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const Context context(EVP_MD_CTX_new());
  return handle != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
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
  if (openssl_verifies(key.view(), all, signature.view())) {
    return true;
  }
  // OpenSSL gives the same answer when its memory has ended, and nobody may be blamed for that. It has memory when it can
  // verify what is known to be right; then its answer counts.
  require(openssl_verifies(from_hex(kKnownKey).value(), {}, from_hex(kKnownSignature).value()));
  return openssl_verifies(key.view(), all, signature.view());
}

}  // namespace blindbook::protocol
