// The forms in which a set is published.
#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include <catch2/catch.hpp>

#include "tests/bench/baselines/bloom_filter.h"
#include "tests/bench/baselines/prefix_buckets.h"
#include "tests/bench/baselines/tag_set.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::bench {
namespace {

using test_support::DeterministicRandom;

Bytes element(std::uint32_t i) {
  ByteWriter writer;
  writer.u32(i);
  return std::move(writer).take();
}

}  // namespace

TEST_CASE("a tag set gives back which of one's own tags are in it") {
  DeterministicRandom random(1);
  for (std::size_t count = 0; count < 40; ++count) {
    std::vector<std::uint64_t> tags(count);
    std::generate(tags.begin(), tags.end(), [&] { return random.below(200); });  // with repetitions
    std::vector<std::uint64_t> own(30);
    std::generate(own.begin(), own.end(), [&] { return random.below(200); });
    std::vector<std::size_t> truth;
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (std::count(tags.begin(), tags.end(), own[i]) != 0) {
        truth.push_back(i);
      }
    }
    CHECK(positions_in(encode_tags(tags), own) == truth);
  }
}

TEST_CASE("a tag is the beginning of a hash") {
  // SHA-256("abc") = ba7816bf 8f01cf.. (FIPS 180-2, appendix B.1)
  CHECK(tag_of(bytes_of("abc")) == 0xBA7816BF8F01CF);
}

TEST_CASE("a tag set that is cut short is refused") {
  const Bytes whole = encode_tags({1, 1ULL << 40, 1ULL << 50});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK_THROWS_AS(positions_in(ByteView(whole).first(size), {}), std::runtime_error);
  }
}

TEST_CASE("a Bloom filter holds what was put in, and little else") {
  constexpr std::uint32_t kCount = 2000;
  BloomFilter filter(kCount, 7);
  for (std::uint32_t i = 0; i < kCount; ++i) {
    filter.insert(element(i));
  }
  const BloomFilter read(filter.encoded());
  std::uint32_t false_positives = 0;
  for (std::uint32_t i = 0; i < 50 * kCount; ++i) {
    if (i < kCount) {
      CHECK(read.contains(element(i)));
    } else {
      false_positives += read.contains(element(i)) ? 1 : 0;
    }
  }
  // 98,000 / 128 = 766 are to be expected, 27 their standard deviation, and a filter of 2,000 scatters by little.
  CHECK(false_positives > 600);
  CHECK(false_positives < 930);
}

TEST_CASE("a Bloom filter for many elements is as long as theory has it") {
  // 36 / ln 2 = 51.94 bits an element
  CHECK(BloomFilter(1000, 36).encoded().size() == 1 + 6492 + 1 + 1);
  CHECK_THROWS_AS(BloomFilter(ByteView()), std::runtime_error);
  const Bytes no_hashes{0, 1};
  CHECK_THROWS_AS(BloomFilter(ByteView(no_hashes)), std::runtime_error);
}

TEST_CASE("prefixes are as long as leaves 64 subscribers to a bucket") {
  CHECK(prefix_bits(0) == 0);
  CHECK(prefix_bits(127) == 0);
  CHECK(prefix_bits(128) == 1);
  CHECK(prefix_bits(1 << 10) == 4);
  CHECK(prefix_bits(1 << 20) == 14);
  CHECK(prefix_bits((1 << 20) - 1) == 13);
}

}  // namespace blindbook::bench
