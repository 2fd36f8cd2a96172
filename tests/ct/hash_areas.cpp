// Hashes, the derivations built on them, and comparisons.
#include <array>
#include <cstdio>

#include "blindbook/base/constant_time.h"
#include "blindbook/base/secret.h"
#include "blindbook/hash/expand_message.h"
#include "blindbook/hash/hkdf.h"
#include "blindbook/hash/hmac.h"

#include "tests/ct/watch.h"

namespace blindbook::ct {
namespace {

using hash::HashId;

Bytes secret_bytes(std::size_t size) {
  Bytes bytes(size, 0x5a);
  make_secret(MutableBytes(bytes));
  return bytes;
}

/// An identifier is 12 to 20 bytes long; the second is longer than a block of the hash.
Bytes expand_message() {
  Bytes out(2 * 64 + 40);
  hash::expand_message_xmd(HashId::kSha512, {secret_bytes(17)}, bytes_of("tag"), MutableBytes(out).first(64));
  hash::expand_message_xmd(HashId::kSha512, {secret_bytes(200), secret_bytes(1)}, bytes_of("tag"),
                           MutableBytes(out).subspan(64, 64));
  hash::expand_message_xmd(HashId::kSha256, {secret_bytes(17)}, bytes_of("tag"), MutableBytes(out).last(40));
  return out;
}

Bytes hkdf() {
  Bytes out(200);
  const SecretBytes long_prk = hash::hkdf_extract(HashId::kSha512, bytes_of("salt"), secret_bytes(64));
  hash::hkdf_expand(HashId::kSha512, long_prk.expose(), bytes_of("info"), MutableBytes(out).first(100));
  const SecretBytes short_prk = hash::hkdf_extract(HashId::kSha256, bytes_of("salt"), secret_bytes(32));
  hash::hkdf_expand(HashId::kSha256, short_prk.expose(), bytes_of("info"), MutableBytes(out).last(100));
  return out;
}

Bytes hmac() {
  const auto digest = hash::hmac_sha256(secret_bytes(32), {secret_bytes(3), secret_bytes(100)});
  const auto of_long_key = hash::hmac_sha256(secret_bytes(100), {secret_bytes(3)});
  Bytes out(digest.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(digest[i] ^ of_long_key[i]);
  }
  return out;
}

/// Secrets that are equal, that differ in the first byte, and that differ in the last.
std::array<std::array<std::uint8_t, 32>, 3> secrets_to_compare() {
  std::array<std::array<std::uint8_t, 32>, 3> secrets{};
  secrets[1].front() = 1;
  secrets[2].back() = 1;
  make_secret(secrets);
  return secrets;
}

Bytes comparison() {
  const auto secrets = secrets_to_compare();
  Bytes out;
  const Secret<32> first(secrets[0]);
  const SecretBytes first_bytes{ByteView(secrets[0])};
  for (const auto& other : secrets) {
    out.push_back(static_cast<std::uint8_t>(equal_constant_time(secrets[0], other)));
    out.push_back(static_cast<std::uint8_t>(first == Secret<32>(other)));
    out.push_back(static_cast<std::uint8_t>(first_bytes == SecretBytes(ByteView(other))));
  }
  return out;
}

/// What operator== of an array does.
void compare_until_they_differ() {
  const auto secrets = secrets_to_compare();
  for (std::size_t i = 0; i < secrets[0].size(); ++i) {
    if (secrets[0][i] != secrets[2][i]) {
      std::printf("  (byte %zu)\n", i);
      return;
    }
  }
}

/// Secrets that move, are duplicated and are wiped.
Bytes holding() {
  Secret<32> secret(secrets_to_compare()[0]);
  Secret<32> moved = std::move(secret);
  const Secret<32> second = moved.duplicate();
  SecretBytes bytes{ByteView(second.expose())};
  SecretBytes taken = std::move(bytes);
  bytes = taken.duplicate();
  wipe(taken.expose_mutable());
  return {bytes.expose().begin(), bytes.expose().end()};
}

}  // namespace

std::vector<Area> hash_areas() {
  return {{"expand-message", expand_message},
          {"hkdf", hkdf},
          {"hmac", hmac},
          {"comparison", comparison, {{"comparison that stops early", compare_until_they_differ}}},
          {"holding", holding}};
}

}  // namespace blindbook::ct
