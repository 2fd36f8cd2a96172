#pragma once

#include <cstddef>
#include <cstdint>

#include "blindbook/base/bytes.h"

/// A Bloom filter (Bloom 1970) for a wanted rate of false positives.
///
/// Its bits are drawn one by one from a chain of SHA-256, not as h1 + i h2 modulo the number of bits as filters for common
/// rates do (Kirsch and Mitzenmacher 2006): an element with the same pair as one of n others would be a false positive at
/// a rate of about n / bits^2, which at a million elements is 2^-31, where 2^-36 is asked for.
namespace blindbook::bench {

class BloomFilter {
 public:
  /// Empty, for `elements` elements and 2^-rate_bits false positives: elements * rate_bits / ln 2 bits, rate_bits of which
  /// an element sets.
  BloomFilter(std::size_t elements, unsigned rate_bits);

  /// From the bytes of encoded(). Throws std::runtime_error on others.
  explicit BloomFilter(ByteView encoded);

  void insert(ByteView element);
  [[nodiscard]] bool contains(ByteView element) const;

  /// hashes(1) || bits
  [[nodiscard]] Bytes encoded() const;

 private:
  /// Calls `visit` with the bits of an element, until it says false.
  template <class Visit>
  void visit_bits(ByteView element, Visit visit) const;

  unsigned hashes_;
  Bytes bits_;
};

}  // namespace blindbook::bench
