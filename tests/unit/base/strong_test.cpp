#include <unordered_set>

#include <catch2/catch.hpp>

#include "blindbook/base/types.h"

using namespace blindbook;

static_assert(!std::is_convertible_v<std::uint32_t, Edition> && !std::is_constructible_v<Edition, UnixTime>);
static_assert(!std::is_constructible_v<Root, Digest> && !std::is_convertible_v<Root, Digest>);

TEST_CASE("strong numbers compare by value") {
  CHECK(Edition(3) == Edition(3));
  CHECK(Edition(3) < Edition(4));
  CHECK(Edition() == Edition(0));
}

TEST_CASE("strong bytes compare byte by byte and print as hex") {
  std::array<std::uint8_t, 16> bytes{};
  bytes[0] = 1;
  bytes[15] = 0xff;
  const EpochId id(bytes);
  CHECK(id.hex() == "010000000000000000000000000000ff");
  CHECK(EpochId() < id);
  CHECK(EpochId(id.view()) == id);
  const std::unordered_set<EpochId, StrongBytesHash> set = {id, EpochId(), EpochId(bytes)};
  CHECK(set.size() == 2);
}
