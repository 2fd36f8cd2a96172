#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "blindbook/base/bytes.h"

namespace blindbook::directory {

/// Reads bits, most significant first, from chunks of any size. A read that finds too few bits says so; after
/// feed() of the next chunk the same read is simply made again.
class BitReader {
 public:
  /// The widest read(): what a refill guarantees while bytes are left.
  static constexpr unsigned kMaxRead = 56;

  /// Continues with `chunk`, which must live until it is used up. Only after a read has failed, or at the
  /// start: that is when the chunk before is used up.
  void feed(ByteView chunk) noexcept {
    assert(next_ == end_);
    next_ = chunk.data();
    end_ = next_ + chunk.size();
    fed_bytes_ += chunk.size();
  }

  /// The next `count` <= kMaxRead bits into the low bits of `value`. False, consuming nothing, when fewer are
  /// there.
  [[nodiscard]] bool read(unsigned count, std::uint64_t& value) noexcept {
    assert(count <= kMaxRead);
    if (available_ < count) {
      refill();
      if (available_ < count) {
        return false;
      }
    }
    value = word_ >> 1 >> (63 - count);  // in two steps, because count may be 0
    drop(count);
    return true;
  }

  /// Consumes zero bits, adding their number to `zeros`, and then the one bit that ends them. False when the
  /// bits ran out before the one bit: the zeros seen are consumed and counted.
  [[nodiscard]] bool read_unary(std::uint64_t& zeros) noexcept {
    for (;;) {
      if (available_ < kMaxRead) {
        refill();
      }
      // Below the available bits may stand the first bits of *next_, so the count is compared, not the word.
      const auto leading = static_cast<unsigned>(std::countl_zero(word_));
      if (leading < available_) {
        zeros += leading;
        drop(leading + 1);
        return true;
      }
      zeros += available_;
      drop(available_);
      if (next_ == end_) {
        return false;
      }
    }
  }

  /// Bits fed and not yet consumed.
  [[nodiscard]] std::uint64_t bits_left() const noexcept {
    return available_ + 8 * static_cast<std::uint64_t>(end_ - next_);
  }
  /// Bits consumed since the first feed().
  [[nodiscard]] std::uint64_t position() const noexcept { return 8 * fed_bytes_ - bits_left(); }

 private:
  void drop(unsigned count) noexcept {  // count <= available_ <= 64
    word_ = count == 64 ? 0 : word_ << count;
    available_ -= count;
  }

  // Tops available_ up to at least kMaxRead, or to all there is.
  void refill() noexcept {
    if (end_ - next_ >= 8) {
      std::uint64_t eight;
      std::memcpy(&eight, next_, sizeof eight);
      if constexpr (std::endian::native == std::endian::little) {
        eight = __builtin_bswap64(eight);
      }
      // Eight bytes are looked at, only whole ones that fit are taken. The bits of the byte that did not fit
      // stay below the available ones; it is read again later, and the OR then leaves them as they are.
      word_ |= eight >> available_;
      next_ += (63 - available_) / 8;
      available_ |= 56;
      return;
    }
    while (available_ <= 56 && next_ != end_) {
      word_ |= std::uint64_t{*next_++} << (56 - available_);
      available_ += 8;
    }
  }

  const std::uint8_t* next_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::uint64_t word_ = 0;  // the next bits, from the top
  unsigned available_ = 0;  // how many of them are counted as read from the chunk
  std::uint64_t fed_bytes_ = 0;
};

}  // namespace blindbook::directory
