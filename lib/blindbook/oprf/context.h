#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
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
  /// `identifier` as in RFC 9497 section 4: "ristretto255-SHA512"; at most 32 bytes.
  Context(Mode mode, std::string_view identifier) noexcept
      : string_({"OPRFV1-", std::string_view(mode == Mode::kVoprf ? "\x01" : "\0", 1), "-", identifier}) {}

  [[nodiscard]] ByteView hash_to_group_dst() const noexcept { return bytes_of(hash_to_group_dst_.view()); }
  [[nodiscard]] ByteView hash_to_scalar_dst() const noexcept { return bytes_of(hash_to_scalar_dst_.view()); }
  /// Without a dash behind the name: section 3.2.1 writes it so.
  [[nodiscard]] ByteView derive_key_pair_dst() const noexcept {
    return bytes_of(derive_key_pair_dst_.view());
  }
  [[nodiscard]] ByteView seed_dst() const noexcept { return bytes_of(seed_dst_.view()); }

 private:
  /// A text that takes nothing from the heap: the suites are made at their first use, which must not fail.
  class Text {
   public:
    Text(std::initializer_list<std::string_view> parts) noexcept {
      for (const std::string_view part : parts) {
        size_ += part.copy(bytes_.data() + size_, bytes_.size() - size_);
      }
    }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.data(), size_}; }

   private:
    std::array<char, 64> bytes_{};
    std::size_t size_ = 0;
  };

  Text string_;
  Text hash_to_group_dst_{"HashToGroup-", string_.view()};
  Text hash_to_scalar_dst_{"HashToScalar-", string_.view()};
  Text derive_key_pair_dst_{"DeriveKeyPair", string_.view()};
  Text seed_dst_{"Seed-", string_.view()};
};

/// The hash function of a group's suite.
template <class G>
using SuiteHash = std::conditional_t<G::kHash == hash::HashId::kSha512, hash::Sha512, hash::Sha256>;

/// I2OSP(length, 2). `length` < 2^16 is the caller's to check.
[[nodiscard]] constexpr std::array<std::uint8_t, 2> i2osp2(std::size_t length) noexcept {
  return {static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
}

}  // namespace blindbook::oprf
