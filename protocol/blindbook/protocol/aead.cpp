#include "blindbook/protocol/aead.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>

namespace blindbook::protocol {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

int int_size(ByteView bytes) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw std::invalid_argument("too much to seal in one piece");
  }
  return static_cast<int>(bytes.size());
}

void require(bool done) {
  if (!done) {
    throw std::runtime_error("OpenSSL cannot work with AES-256-GCM");
  }
}

}  // namespace

Bytes aead_seal(const Secret<32>& key, ByteView context, ByteView plaintext, RandomSource& random) {
  Bytes out(kNonceBytes + plaintext.size() + kTagBytes);
  const MutableBytes nonce(out.data(), kNonceBytes);
  const MutableBytes text(out.data() + kNonceBytes, plaintext.size());
  const MutableBytes tag(out.data() + kNonceBytes + plaintext.size(), kTagBytes);
  random.fill(nonce);
  const Context cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  require(cipher != nullptr && EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr,
                                                  key.expose().data(), nonce.data()) == 1);
  require(EVP_EncryptUpdate(cipher.get(), nullptr, &size, context.data(), int_size(context)) == 1);
  require(EVP_EncryptUpdate(cipher.get(), text.data(), &size, plaintext.data(), int_size(plaintext)) == 1);
  require(EVP_EncryptFinal_ex(cipher.get(), tag.data(), &size) == 1);
  require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1);
  return out;
}

Result<SecretBytes> aead_open(const Secret<32>& key, ByteView context, ByteView sealed) {
  constexpr std::string_view kRule = "aead.open";
  if (sealed.size() < kAeadOverhead) {
    return bad_input(kRule, "too short to be sealed bytes");
  }
  const ByteView nonce = sealed.first(kNonceBytes);
  const ByteView text = sealed.subspan(kNonceBytes, sealed.size() - kAeadOverhead);
  std::array<std::uint8_t, kTagBytes> tag{};
  std::ranges::copy(sealed.last(kTagBytes), tag.begin());
  SecretBytes out(text.size());
  const Context cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  require(cipher != nullptr && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr,
                                                  key.expose().data(), nonce.data()) == 1);
  require(EVP_DecryptUpdate(cipher.get(), nullptr, &size, context.data(), int_size(context)) == 1);
  require(EVP_DecryptUpdate(cipher.get(), out.expose_mutable().data(), &size, text.data(), int_size(text)) ==
          1);
  require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1);
  std::array<std::uint8_t, kTagBytes> rest{};
  if (EVP_DecryptFinal_ex(cipher.get(), rest.data(), &size) != 1) {
    return bad_input(kRule, "the sealed bytes do not open: another key, or they were altered");
  }
  return out;
}

}  // namespace blindbook::protocol
