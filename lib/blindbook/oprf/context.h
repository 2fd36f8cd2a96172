#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "blindbook/base/bytes.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::oprf {

/// The modes of RFC 9497 section 3.1 that this library has. The product runs kVoprf only.
enum class Mode : std::uint8_t { kOprf = 0x00, kVoprf = 0x01 };

/// contextString of RFC 9497 section 3.1 and the domain separation tags made from it, for one suite in one
/// mode.
class Context {
 public:
  /// `identifier` as in RFC 9497 section 4: "ristretto255-SHA512".
  Context(Mode mode, std::string_view identifier)
      : string_("OPRFV1-" + std::string(1, static_cast<char>(mode)) + "-" + std::string(identifier)) {}

  [[nodiscard]] ByteView hash_to_group_dst() const noexcept { return bytes_of(hash_to_group_dst_); }
  [[nodiscard]] ByteView hash_to_scalar_dst() const noexcept { return bytes_of(hash_to_scalar_dst_); }
  /// Without a dash behind the name: section 3.2.1 writes it so.
  [[nodiscard]] ByteView derive_key_pair_dst() const noexcept { return bytes_of(derive_key_pair_dst_); }
  [[nodiscard]] ByteView seed_dst() const noexcept { return bytes_of(seed_dst_); }

 private:
  std::string string_;
  std::string hash_to_group_dst_ = "HashToGroup-" + string_;
  std::string hash_to_scalar_dst_ = "HashToScalar-" + string_;
  std::string derive_key_pair_dst_ = "DeriveKeyPair" + string_;
  std::string seed_dst_ = "Seed-" + string_;
};

/// The hash function of a group's suite.
template <class G>
using SuiteHash = std::conditional_t<G::kHash == hash::HashId::kSha512, hash::Sha512, hash::Sha256>;

/// I2OSP(length, 2). `length` < 2^16 is the caller's to check.
[[nodiscard]] constexpr std::array<std::uint8_t, 2> i2osp2(std::size_t length) noexcept {
  return {static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
}

}  // namespace blindbook::oprf
