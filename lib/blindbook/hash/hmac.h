#pragma once

#include <algorithm>
#include <array>
#include <initializer_list>

#include "blindbook/base/bytes.h"
#include "blindbook/base/constant_time.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::hash {

/// HMAC (RFC 2104) with `Hash` = Sha256 or Sha512, over input that arrives in pieces. A copy taken before the
/// first update keeps the keyed state, so that many messages under one key pay for the key once.
template <class Hash>
class Hmac {
 public:
  using Digest = typename Hash::Digest;

  explicit Hmac(ByteView key) noexcept {
    std::array<std::uint8_t, Hash::kBlockBytes> block{};
    if (key.size() > block.size()) {
      Digest digest = Hash().update(key).finish();
      std::copy(digest.begin(), digest.end(), block.begin());
      wipe(digest);
    } else {
      std::copy(key.begin(), key.end(), block.begin());
    }
    absorb_pad(inner_, block, 0x36);
    absorb_pad(outer_, block, 0x5c);
    wipe(block);
  }

  Hmac& update(ByteView bytes) noexcept {
    inner_.update(bytes);
    return *this;
  }

  /// The code of everything fed. The object is spent.
  [[nodiscard]] Digest finish() noexcept {
    Digest digest = inner_.finish();
    outer_.update(digest);
    wipe(digest);
    return outer_.finish();
  }

 private:
  static void absorb_pad(Hash& hash, const std::array<std::uint8_t, Hash::kBlockBytes>& key,
                         std::uint8_t pad) {
    std::array<std::uint8_t, Hash::kBlockBytes> block = key;
    for (std::uint8_t& byte : block) {
      byte = static_cast<std::uint8_t>(byte ^ pad);
    }
    hash.update(block);
    wipe(block);
  }

  Hash inner_;
  Hash outer_;
};

/// HMAC-SHA-256 of the concatenation of `parts`.
[[nodiscard]] std::array<std::uint8_t, 32> hmac_sha256(ByteView key,
                                                       std::initializer_list<ByteView> parts) noexcept;

}  // namespace blindbook::hash
