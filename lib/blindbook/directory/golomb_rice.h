#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "blindbook/base/bytes.h"
#include "blindbook/directory/bit_reader.h"
#include "blindbook/directory/bit_writer.h"
#include "blindbook/directory/tag.h"

/// The body of a directory. The tags t_1 <= t_2 <= .. <= t_n are coded as gaps g_i = t_i - t_(i-1), with t_0
/// = 0; a gap of 0 is legal (a multiset holds equal tags). With Rice parameter k, gap g is
///
///     q = g >> k zero bits, one 1 bit, then the low k bits of g, most significant first
///
/// and the codes follow each other without padding, most significant bit of each byte first; the unused low
/// bits of the last byte are zero. f(k) = n (1 + k) + sum of (g_i >> k) is the length of the body in bits. k
/// is the smallest number for which f(k) is least, so that one multiset has one body; an empty directory has
/// k = 0 and no body.
///
/// f(k+1) - f(k) = n - sum of ceil((g_i >> k) / 2), whose sum falls as k grows: f is convex, and k is the
/// right one exactly when f(k-1) > f(k) <= f(k+1). RiceTally keeps these two sums, which cost two additions
/// per gap.
namespace blindbook::directory {

/// With k = 55 the quotient of any gap below 2^56 is at most 1, and no larger k is ever shorter.
inline constexpr unsigned kMaxRice = 55;

/// Length of a body under k, and whether k - 1 or k + 1 would do better.
class RiceTally {
 public:
  explicit RiceTally(unsigned k) noexcept : k_(k) {}

  void add(std::uint64_t quotient, std::uint64_t remainder) noexcept {
    ++count_;
    quotients_ += quotient;
    // ceil((g >> k) / 2), and ceil((g >> (k-1)) / 2) = ceil((2q + b) / 2) with b the top bit of the
    // remainder.
    halved_ += (quotient + 1) / 2;
    top_bits_ += k_ == 0 ? 0 : remainder >> (k_ - 1);
  }

  void add_gap(std::uint64_t gap) noexcept { add(gap >> k_, gap & ((std::uint64_t{1} << k_) - 1)); }

  [[nodiscard]] std::uint64_t bits() const noexcept { return quotients_ + count_ * (1 + std::uint64_t{k_}); }
  /// f(k+1) < f(k): a larger k is shorter.
  [[nodiscard]] bool should_grow() const noexcept { return halved_ > count_; }
  /// f(k-1) <= f(k): a smaller k is no longer.
  [[nodiscard]] bool should_shrink() const noexcept { return k_ > 0 && quotients_ + top_bits_ <= count_; }

 private:
  unsigned k_;
  std::uint64_t count_ = 0;
  std::uint64_t quotients_ = 0;  // at most the sum of all gaps, so below 2^56
  std::uint64_t halved_ = 0;
  std::uint64_t top_bits_ = 0;
};

struct RiceChoice {
  unsigned k;
  std::uint64_t bits;  ///< length of the body
};

/// Near the k of `count` > 0 tags up to `largest`: log2 of the mean gap, from where the convex f leads down to its least
/// value in a step or two.
[[nodiscard]] inline unsigned guess_rice(std::uint64_t count, std::uint64_t largest) noexcept {
  const std::uint64_t mean_gap = largest / count;
  return mean_gap < 2 ? 0 : static_cast<unsigned>(std::bit_width(mean_gap)) - 1;
}

/// The k of `count` tags, where `tag_at(i)` is the i-th in ascending order, as std::uint64_t below 2^56.
template <class TagAt>
[[nodiscard]] RiceChoice choose_rice(std::size_t count, TagAt tag_at) {
  if (count == 0) {
    return {.k = 0, .bits = 0};
  }
  unsigned k = guess_rice(count, tag_at(count - 1));
  for (;;) {
    RiceTally tally(k);
    std::uint64_t previous = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t tag = tag_at(i);
      tally.add_gap(tag - previous);
      previous = tag;
    }
    if (tally.should_grow()) {
      ++k;
    } else if (tally.should_shrink()) {
      --k;
    } else {
      return {.k = k, .bits = tally.bits()};
    }
  }
}

/// Writes a body under `k`, tag by tag in ascending order, into a buffer of exactly its size.
class TagEncoder {
 public:
  TagEncoder(unsigned k, MutableBytes out) noexcept : k_(k), writer_(out) {}

  void put(std::uint64_t tag) noexcept {
    const std::uint64_t gap = tag - previous_;
    const std::uint64_t end_bit = std::uint64_t{1} << k_;
    writer_.put_zeros(gap >> k_);
    writer_.put(end_bit | (gap & (end_bit - 1)), k_ + 1);
    previous_ = tag;
  }
  void finish() noexcept { writer_.finish(); }

 private:
  unsigned k_;
  BitWriter writer_;
  std::uint64_t previous_ = 0;
};

/// Writes the body of `count` sorted tags under `k` into `out`, which holds exactly the (bits + 7) / 8 bytes
/// that choose_rice() told.
template <class TagAt>
void encode_tags(std::size_t count, TagAt tag_at, unsigned k, MutableBytes out) {
  TagEncoder encoder(k, out);
  for (std::size_t i = 0; i < count; ++i) {
    encoder.put(tag_at(i));
  }
  encoder.finish();
}

/// Reads a body chunk by chunk. Takes any bytes: a tag that would pass 2^56 is reported, never wrapped.
class TagDecoder {
 public:
  enum class Step {
    kTag,      ///< tag() is the next tag
    kStarved,  ///< the chunk is used up inside a code: feed() the next one
    kTooLarge  ///< the code leads to a tag of more than 56 bits; nothing more can be read
  };

  /// `k` <= kMaxRice. A decoder that starts inside a body is given the tag before.
  explicit TagDecoder(unsigned k, std::uint64_t tag_before = 0) noexcept
      : k_(k), tag_(tag_before), tally_(k) {}

  /// `chunk` must live until next() says kStarved.
  void feed(ByteView chunk) noexcept { bits_.feed(chunk); }

  [[nodiscard]] Step next() noexcept {
    if (!in_remainder_) {
      if (!bits_.read_unary(quotient_)) {
        return Step::kStarved;
      }
      if (quotient_ > (kMaxTag - tag_) >> k_) {
        return Step::kTooLarge;
      }
      in_remainder_ = true;
    }
    std::uint64_t remainder = 0;
    if (!bits_.read(k_, remainder)) {
      return Step::kStarved;
    }
    const std::uint64_t gap = quotient_ << k_ | remainder;
    if (gap > kMaxTag - tag_) {
      return Step::kTooLarge;
    }
    tally_.add(quotient_, remainder);
    tag_ += gap;
    quotient_ = 0;
    in_remainder_ = false;
    return Step::kTag;
  }

  [[nodiscard]] std::uint64_t tag() const noexcept { return tag_; }
  /// Bits of all codes read so far.
  [[nodiscard]] std::uint64_t position() const noexcept { return bits_.position(); }

  /// True when less than a byte is left and it is zero, as behind the last code. Consumes it.
  [[nodiscard]] bool take_padding() noexcept {
    std::uint64_t padding = 0;
    return bits_.bits_left() < 8 && bits_.read(static_cast<unsigned>(bits_.bits_left()), padding) &&
           padding == 0;
  }
  /// True when k is the one choose_rice() would have chosen for the gaps read.
  [[nodiscard]] bool has_canonical_rice() const noexcept {
    return !tally_.should_grow() && !tally_.should_shrink();
  }

  /// Passes over `count` < 8 bits, to start inside a byte that has been fed.
  void skip(unsigned count) noexcept {
    std::uint64_t passed = 0;
    static_cast<void>(bits_.read(count, passed));
  }

 private:
  unsigned k_;
  std::uint64_t tag_;
  BitReader bits_;
  RiceTally tally_;
  std::uint64_t quotient_ = 0;  // of the code being read; bounded by the bits fed
  bool in_remainder_ = false;
};

}  // namespace blindbook::directory
