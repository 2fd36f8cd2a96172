// The helper that makes tags collide: a wrong cut would make the tests that rest on it prove something else.
#include "tests/support/short_tags.h"

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "tests/support/deterministic_random.h"

namespace blindbook::directory {
namespace {

using test_support::DeterministicRandom;
using test_support::short_tag;
using test_support::with_short_tag;

}  // namespace

TEST_CASE("a short tag keeps the first bits of the tag and no other") {
  const Tag tag(0xABCDEF01234567U);
  CHECK(short_tag(tag, 56) == tag);
  CHECK(short_tag(tag, 55) == Tag(0xABCDEF01234566U));
  CHECK(short_tag(tag, 20) == Tag(0xABCDE000000000U));
  CHECK(short_tag(tag, 1) == Tag(0x80000000000000U));
  CHECK(short_tag(tag, 0) == Tag(0));
  CHECK_THROWS_AS(short_tag(tag, 57), std::invalid_argument);
}

TEST_CASE("a prf output with a short tag keeps every byte behind the tag") {
  DeterministicRandom random(1);
  const Bytes output = random.bytes(64);
  for (unsigned bits = 0; bits <= kTagBits; ++bits) {
    const SecretBytes cut = with_short_tag(output, bits);
    CHECK(tag_of(cut.expose()) == short_tag(tag_of(output), bits));
    REQUIRE(cut.size() == output.size());
    CHECK(std::ranges::equal(cut.expose().subspan(kTagBytes), ByteView(output).subspan(kTagBytes)));
  }
}

TEST_CASE("short tags of random outputs take every value of their bits") {
  DeterministicRandom random(2);
  std::set<std::uint64_t> values;
  for (int i = 0; i < 500; ++i) {
    values.insert(short_tag(tag_of(random.bytes(64)), 4).value() >> (kTagBits - 4));
  }
  CHECK(values.size() == 16);
  CHECK(*values.rbegin() == 15);
}

}  // namespace blindbook::directory
