#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "blindbook/base/bytes.h"

namespace blindbook::directory {

/// Writes bits, most significant first, into a buffer that the caller has sized: at least as many bytes as
/// the bits written need. Whole 64-bit words go to memory; the last bytes only in finish().
class BitWriter {
 public:
  explicit BitWriter(MutableBytes out) noexcept : next_(out.data()), left_(out.size()) {}

  /// Appends the low `count` bits of `value`; 1 <= count <= 64 and value < 2^count.
  void put(std::uint64_t value, unsigned count) noexcept {
    assert(count >= 1 && count <= 64 && (count == 64 || value >> count == 0));
    const unsigned free = 64 - used_;
    if (count < free) {
      word_ |= value << (free - count);
      used_ += count;
      return;
    }
    const unsigned carried = count - free;
    store(word_ | value >> carried);
    word_ = carried == 0 ? 0 : value << (64 - carried);
    used_ = carried;
  }

  /// Appends `count` zero bits.
  void put_zeros(std::uint64_t count) noexcept {
    for (; count >= 64; count -= 64) {
      put(0, 64);
    }
    if (count != 0) {
      put(0, static_cast<unsigned>(count));
    }
  }

  /// Writes the last, incomplete word, its unused low bits of the last byte zero. Returns the bytes never
  /// touched.
  std::size_t finish() noexcept {
    for (unsigned written = 0; written < used_; written += 8) {
      assert(left_ > 0);
      *next_++ = static_cast<std::uint8_t>(word_ >> 56);
      word_ <<= 8;
      --left_;
    }
    used_ = 0;
    return left_;
  }

 private:
  void store(std::uint64_t word) noexcept {
    assert(left_ >= sizeof word);
    if constexpr (std::endian::native == std::endian::little) {
      word = __builtin_bswap64(word);
    }
    std::memcpy(next_, &word, sizeof word);
    next_ += sizeof word;
    left_ -= sizeof word;
  }

  std::uint8_t* next_;
  std::size_t left_;
  std::uint64_t word_ = 0;  // the bits not yet stored, from the top
  unsigned used_ = 0;       // how many; < 64
};

}  // namespace blindbook::directory
