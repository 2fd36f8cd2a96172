#include "blindbook/directory/golomb_rice.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/deterministic_random.h"

using namespace blindbook::directory;
using blindbook::Bytes;
using blindbook::ByteView;
using blindbook::test_support::DeterministicRandom;

namespace {

std::uint64_t length_of(const std::vector<std::uint64_t>& tags, unsigned k) {
  std::uint64_t bits = 0;
  std::uint64_t previous = 0;
  for (const std::uint64_t tag : tags) {
    bits += ((tag - previous) >> k) + 1 + k;
    previous = tag;
  }
  return bits;
}

// By trying all: the definition, not the way.
unsigned shortest_rice(const std::vector<std::uint64_t>& tags) {
  unsigned best = 0;
  for (unsigned k = 1; k <= 60; ++k) {
    best = length_of(tags, k) < length_of(tags, best) ? k : best;
  }
  return best;
}

RiceChoice choose(const std::vector<std::uint64_t>& tags) {
  return choose_rice(tags.size(), [&](std::size_t i) { return tags[i]; });
}

Bytes encode(const std::vector<std::uint64_t>& tags, unsigned k) {
  Bytes out((length_of(tags, k) + 7) / 8);
  encode_tags(
      tags.size(), [&](std::size_t i) { return tags[i]; }, k, out);
  return out;
}

std::vector<std::uint64_t> random_tags(DeterministicRandom& random, std::size_t count, unsigned bits) {
  std::vector<std::uint64_t> tags(count);
  std::generate(tags.begin(), tags.end(), [&] { return random.below(std::uint64_t{1} << bits); });
  std::sort(tags.begin(), tags.end());
  return tags;
}

}  // namespace

TEST_CASE("codes are zeros and a one and then the low bits") {
  // gaps 5, 0, 2 under k = 1: 00 1 1 | 1 0 | 0 1 0
  const Bytes body = encode({5, 5, 7}, 1);
  CHECK(body == Bytes{0b00111001, 0b00000000});
}

TEST_CASE("the chosen rice parameter is the smallest of the shortest bodies") {
  DeterministicRandom random(2);
  for (int round = 0; round < 400; ++round) {
    const auto bits = static_cast<unsigned>(random.below(57));
    const auto tags = random_tags(random, random.below(60) + 1, bits);
    const RiceChoice choice = choose(tags);
    CAPTURE(round, bits, tags.size());
    CHECK(choice.k == shortest_rice(tags));
    CHECK(choice.bits == length_of(tags, choice.k));
  }
}

TEST_CASE("the chosen rice parameter is right at the edges") {
  CHECK(choose({}).k == 0);
  CHECK(choose({}).bits == 0);
  CHECK(choose({0}).k == 0);
  CHECK(choose(std::vector<std::uint64_t>(100, 0)).bits == 100);
  CHECK(choose({kMaxTag}).k == kMaxRice);
  CHECK(choose({kMaxTag, kMaxTag, kMaxTag}).k == shortest_rice({kMaxTag, kMaxTag, kMaxTag}));
  CHECK(choose({kMaxTag / 2, kMaxTag}).k == shortest_rice({kMaxTag / 2, kMaxTag}));
}

TEST_CASE("the decoder knows the canonical rice parameter") {
  DeterministicRandom random(3);
  for (int round = 0; round < 60; ++round) {
    const std::size_t count = random.below(40) + 1;
    const auto tags = random_tags(random, count, static_cast<unsigned>(20 + random.below(37)));
    const unsigned right = choose(tags).k;
    for (unsigned k = right < 6 ? 0 : right - 6; k <= std::min(right + 6, kMaxRice); ++k) {
      const Bytes body = encode(tags, k);
      TagDecoder decoder(k);
      decoder.feed(body);
      std::size_t equal = 0;
      for (const std::uint64_t tag : tags) {
        equal += decoder.next() == TagDecoder::Step::kTag && decoder.tag() == tag ? 1 : 0;
      }
      CAPTURE(round, k, right);
      CHECK(equal == tags.size());
      CHECK(decoder.take_padding());
      CHECK(decoder.has_canonical_rice() == (k == right));
    }
  }
}

TEST_CASE("the decoder stops before a tag of more than 56 bits") {
  for (const unsigned k : {0u, 1u, 30u, 55u}) {
    for (const std::uint64_t gap : {std::uint64_t{1}, std::uint64_t{70}}) {
      CAPTURE(k, gap);
      Bytes body(((gap >> k) + 1 + k + 7) / 8);
      encode_tags(
          1, [&](std::size_t) { return gap; }, k, body);
      TagDecoder fits(k, kMaxTag - gap);
      fits.feed(body);
      CHECK(fits.next() == TagDecoder::Step::kTag);
      CHECK(fits.tag() == kMaxTag);
      TagDecoder passes(k, kMaxTag - gap + 1);
      passes.feed(body);
      CHECK(passes.next() == TagDecoder::Step::kTooLarge);
    }
  }
}

TEST_CASE("a quotient that would wrap around to a small gap is too large") {
  Bytes body(72);  // 512 zero bits, the one, 55 low bits: 512 * 2^55 = 2^64
  BitWriter writer(body);
  writer.put_zeros(512);
  writer.put(std::uint64_t{1} << 55 | 7, 56);
  writer.finish();
  TagDecoder decoder(55);
  decoder.feed(body);
  CHECK(decoder.next() == TagDecoder::Step::kTooLarge);
}

TEST_CASE("padding is less than a byte of zeros") {
  const auto decode_one = [](const Bytes& body) {
    TagDecoder decoder(0);
    decoder.feed(body);
    REQUIRE(decoder.next() == TagDecoder::Step::kTag);
    return decoder.take_padding();
  };
  CHECK(decode_one({0b00000001}));
  CHECK(decode_one({0b10000000}));
  CHECK(!decode_one({0b10000001}));
  CHECK(!decode_one({0b11000000}));
  CHECK(!decode_one({0b00000001, 0}));
}

TEST_CASE("random tags cost little above log2 of the lookup error") {
  DeterministicRandom random(4);
  for (const std::size_t count : {1000u, 10'000u, 100'000u}) {
    const auto tags = random_tags(random, count, kTagBits);
    const double per_entry = static_cast<double>(choose(tags).bits) / static_cast<double>(count);
    const double lookup = static_cast<double>(kTagBits) - std::log2(static_cast<double>(count));
    CAPTURE(count, per_entry, lookup);
    CHECK(per_entry <= lookup + 1.57);
    CHECK(per_entry >= lookup + 1.4427);  // log2(e): no code of a random multiset does better
  }
}
