#include "blindbook/protocol/sealed_file.h"

#include <algorithm>
#include <string>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "blindbook/base/domains.h"
#include "blindbook/hash/hkdf.h"
#include "blindbook/protocol/aead.h"

namespace blindbook::protocol {
namespace {

constexpr std::uint8_t kVersion = 1;

ByteWriter encode(const KeyFileHeader& header) {
  ByteWriter out;
  out.raw(magic::kKeyFile).u8(kVersion);
  out.u8(static_cast<std::uint8_t>(header.kind)).u8(static_cast<std::uint8_t>(header.protection));
  out.u8(header.cost.log2_n).u32(header.cost.r).u32(header.cost.p).raw(header.salt.view());
  return out;
}

bool is_within_ceiling(const ScryptCost& cost) {
  return cost.log2_n >= 1 && cost.log2_n <= kScryptCeiling.log2_n && cost.r >= 1 &&
         cost.r <= kScryptCeiling.r && cost.p >= 1 && cost.p <= kScryptCeiling.p;
}

Secret<32> key_encryption_key(KeyKind kind, std::string_view name, const StretchedPassphrase& passphrase,
                              const Slot& slot) {
  SecretBytes material(passphrase.expose().size() + slot.expose().size());
  std::ranges::copy(passphrase.expose(), material.expose_mutable().begin());
  std::ranges::copy(slot.expose(), material.expose_mutable().subspan(passphrase.expose().size()).begin());
  ByteWriter info;
  info.raw(domain::kKeyFile).u8(static_cast<std::uint8_t>(kind)).raw(name);
  const SecretBytes prk = hash::hkdf_extract(hash::HashId::kSha256, {}, material.expose());
  Secret<32> key;
  hash::hkdf_expand(hash::HashId::kSha256, prk.expose(), info.view(), key.expose_mutable());
  return key;
}

}  // namespace

Result<StretchedPassphrase> stretch(ByteView passphrase, const ScryptSalt& salt, const ScryptCost& cost) {
  if (!is_within_ceiling(cost)) {
    return bad_input("key.scrypt-cost", "the scrypt cost is outside of N 2^1..2^20, r 1..16, p 1..4");
  }
  EVP_KDF* algorithm = EVP_KDF_fetch(nullptr, OSSL_KDF_NAME_SCRYPT, nullptr);
  EVP_KDF_CTX* context = EVP_KDF_CTX_new(algorithm);
  EVP_KDF_free(algorithm);
  std::uint64_t n = std::uint64_t{1} << cost.log2_n;
  std::uint32_t r = cost.r;
  std::uint32_t p = cost.p;
  // 128 * r * (N + p) bytes and a little; OpenSSL's default ceiling of 32 MB is below our default cost.
  std::uint64_t memory = 128 * std::uint64_t{r} * (n + p + 2) + (std::uint64_t{1} << 20);
  Bytes salt_bytes(salt.view().begin(), salt.view().end());
  const OSSL_PARAM parameters[] = {
      // OpenSSL takes the passphrase by a pointer that is not const, and does not write to it.
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, const_cast<std::uint8_t*>(passphrase.data()),
                                        passphrase.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt_bytes.data(), salt_bytes.size()),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
      OSSL_PARAM_construct_end()};
  StretchedPassphrase out;
  const bool derived = context != nullptr && EVP_KDF_derive(context, out.expose_mutable().data(),
                                                            out.expose().size(), parameters) == 1;
  EVP_KDF_CTX_free(context);
  if (!derived) {
    return unavailable("key.scrypt",
                       "scrypt failed; it needs " + std::to_string(memory >> 20) + " MiB of memory");
  }
  return out;
}

Result<KeyFileHeader> parse_key_file_header(ByteView file) {
  ByteReader reader(file);
  const bool known = reader.accept(magic::kKeyFile) && reader.u8() == kVersion;
  const std::uint8_t kind = reader.u8();
  const std::uint8_t protection = reader.u8();
  KeyFileHeader header{.kind = static_cast<KeyKind>(kind),
                       .protection = static_cast<KeyProtection>(protection),
                       .cost = {},
                       .salt = {}};
  header.cost.log2_n = reader.u8();
  header.cost.r = reader.u32();
  header.cost.p = reader.u32();
  header.salt = ScryptSalt(reader.array<ScryptSalt::kSize>());
  const bool sealed = header.protection == KeyProtection::kPassphrase;
  const std::size_t overhead = sealed ? kAeadOverhead : 0;
  if (!known || reader.failed() || kind < 1 || kind > 5 || protection > 1 ||
      reader.rest().size() <= overhead || reader.rest().size() > overhead + kMaxKeyBytes) {
    return bad_input("key.format", "the file is not a key file of this version");
  }
  const bool is_blank = header.cost == ScryptCost{0, 0, 0} && header.salt == ScryptSalt();
  if (sealed ? !is_within_ceiling(header.cost) : !is_blank) {
    return bad_input("key.format", "the key file asks for an scrypt cost that is refused");
  }
  return header;
}

Bytes seal_key_file(KeyKind kind, std::string_view name, ByteView secret, const ScryptCost& cost,
                    const ScryptSalt& salt, const StretchedPassphrase& passphrase, const Slot& slot,
                    RandomSource& random) {
  const ByteWriter header = encode({kind, KeyProtection::kPassphrase, cost, salt});
  const Secret<32> key = key_encryption_key(kind, name, passphrase, slot);
  ByteWriter out;
  out.raw(header.view()).raw(aead_seal(key, header.view(), secret, random));
  return std::move(out).take();
}

Result<SecretBytes> open_key_file(ByteView file, std::string_view name, const StretchedPassphrase& passphrase,
                                  const Slot& slot) {
  const Result<KeyFileHeader> header = parse_key_file_header(file);
  if (!header) {
    return tl::unexpected<Error>(header.error());
  }
  const Secret<32> key = key_encryption_key(header->kind, name, passphrase, slot);
  Result<SecretBytes> secret =
      aead_open(key, file.first(kKeyFileHeaderBytes), file.subspan(kKeyFileHeaderBytes));
  if (!secret) {
    return bad_input(
        "key.passphrase",
        "the passphrase does not open " + std::string(name) + ", or the file or its slot was altered",
        "is it the passphrase that init, or restore, was given?");
  }
  return secret;
}

SecretBytes unsealed_key_file(KeyKind kind, ByteView secret) {
  const ByteWriter header = encode({kind, KeyProtection::kNone, ScryptCost{0, 0, 0}, ScryptSalt()});
  SecretBytes out(header.view().size() + secret.size());
  std::ranges::copy(header.view(), out.expose_mutable().begin());
  std::ranges::copy(secret, out.expose_mutable().subspan(header.view().size()).begin());
  return out;
}

}  // namespace blindbook::protocol
