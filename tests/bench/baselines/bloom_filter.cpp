#include "tests/bench/baselines/bloom_filter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "blindbook/hash/sha2.h"

namespace blindbook::bench {
namespace {

std::size_t bytes_for(std::size_t elements, unsigned rate_bits) {
  const double bits = static_cast<double>(elements) * rate_bits / std::numbers::ln2;
  return static_cast<std::size_t>(std::ceil(bits / 8)) + 1;
}

/// `draw` of 64 uniform bits, brought below `bound`.
std::uint64_t scaled(std::uint64_t draw, std::uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>(Wide{draw} * bound >> 64);
}

}  // namespace

BloomFilter::BloomFilter(std::size_t elements, unsigned rate_bits)
    : hashes_(rate_bits), bits_(bytes_for(elements, rate_bits)) {}

BloomFilter::BloomFilter(ByteView encoded)
    : hashes_(encoded.empty() ? 0 : encoded[0]),
      bits_(encoded.begin() + std::min<std::ptrdiff_t>(1, std::ssize(encoded)), encoded.end()) {
  if (hashes_ == 0 || bits_.empty()) {
    throw std::runtime_error("a published set that is no Bloom filter");
  }
}

template <class Visit>
void BloomFilter::visit_bits(ByteView element, Visit visit) const {
  const std::uint64_t count = std::uint64_t{8} * bits_.size();
  hash::Sha256::Digest block{};
  for (unsigned i = 0; i < hashes_; ++i) {
    const unsigned word = i % 4;
    if (word == 0) {
      const std::array<std::uint8_t, 1> counter{static_cast<std::uint8_t>(i / 4)};
      block = hash::sha256({counter, element});
    }
    const std::uint64_t bit = scaled(ByteReader(ByteView(block).subspan(8 * word)).u64(), count);
    if (!visit(bit / 8, static_cast<std::uint8_t>(1U << bit % 8))) {
      return;
    }
  }
}

void BloomFilter::insert(ByteView element) {
  visit_bits(element, [this](std::size_t at, std::uint8_t mask) {
    bits_[at] |= mask;
    return true;
  });
}

bool BloomFilter::contains(ByteView element) const {
  bool all = true;
  visit_bits(element,
             [this, &all](std::size_t at, std::uint8_t mask) { return all = (bits_[at] & mask) != 0; });
  return all;
}

Bytes BloomFilter::encoded() const {
  Bytes out{static_cast<std::uint8_t>(hashes_)};
  out.insert(out.end(), bits_.begin(), bits_.end());
  return out;
}

}  // namespace blindbook::bench
