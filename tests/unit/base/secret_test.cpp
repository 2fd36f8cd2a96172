#include "blindbook/base/secret.h"

#include <array>
#include <new>
#include <type_traits>

#include <catch2/catch.hpp>

#include "blindbook/base/constant_time.h"

using namespace blindbook;

static_assert(!std::is_copy_constructible_v<Secret<4>> && !std::is_copy_assignable_v<Secret<4>>);
static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<Secret<4>> &&
              std::is_nothrow_move_assignable_v<SecretBytes>);

namespace {

constexpr std::array<std::uint8_t, 4> kBytes = {1, 2, 3, 4};

}  // namespace

TEST_CASE("a secret is wiped when it ends") {
  alignas(Secret<4>) std::array<unsigned char, sizeof(Secret<4>)> storage{};
  auto* secret = new (storage.data()) Secret<4>(kBytes);
  CHECK(storage[3] == 4);
  secret->~Secret();
  CHECK(storage == decltype(storage){});
}

TEST_CASE("a moved secret is wiped at its old place") {
  Secret<4> first(kBytes);
  Secret<4> second = std::move(first);
  CHECK(first == Secret<4>());  // NOLINT(bugprone-use-after-move): the rule under test
  CHECK(second == Secret<4>(kBytes));
  Secret<4> third;
  third = std::move(second);
  CHECK(second == Secret<4>());  // NOLINT(bugprone-use-after-move)
  CHECK(third == Secret<4>(kBytes));
}

TEST_CASE("a duplicate is a second holder") {
  Secret<4> first(kBytes);
  const Secret<4> second = first.duplicate();
  first.expose_mutable()[0] = 9;
  CHECK(second == Secret<4>(kBytes));
  CHECK_FALSE(first == second);
}

TEST_CASE("secret bytes move without a copy and compare by content") {
  SecretBytes first{ByteView(kBytes)};
  const auto* place = first.expose().data();
  SecretBytes second = std::move(first);
  CHECK(second.expose().data() == place);
  CHECK(first.empty());  // NOLINT(bugprone-use-after-move): the rule under test
  CHECK(second == SecretBytes(ByteView(kBytes)));
  CHECK_FALSE(second == SecretBytes(ByteView(kBytes).first(3)));
  CHECK(second.duplicate() == second);
}

TEST_CASE("adopted bytes leave no second copy") {
  Bytes bytes(kBytes.begin(), kBytes.end());
  const auto* place = bytes.data();
  const SecretBytes secret = SecretBytes::adopt(std::move(bytes));
  CHECK(secret.expose().data() == place);
  CHECK(bytes.empty());  // NOLINT(bugprone-use-after-move): the rule under test
}

TEST_CASE("secret bytes take an assigned value and survive their own") {
  SecretBytes secret(2);
  secret = SecretBytes(ByteView(kBytes));
  CHECK(secret.size() == 4);
  SecretBytes& same = secret;
  secret = std::move(same);
  CHECK(secret == SecretBytes(ByteView(kBytes)));
}

TEST_CASE("constant time equality is equality") {
  CHECK(equal_constant_time({}, {}));
  CHECK(equal_constant_time(bytes_of("abc"), bytes_of("abc")));
  CHECK_FALSE(equal_constant_time(bytes_of("abc"), bytes_of("abd")));
  CHECK_FALSE(equal_constant_time(bytes_of("abc"), bytes_of("ab")));
}

TEST_CASE("wipe clears every byte of its span and no other") {
  std::array<std::uint8_t, 4> bytes = kBytes;
  wipe(MutableBytes(bytes).subspan(1, 2));
  CHECK(bytes == std::array<std::uint8_t, 4>{1, 0, 0, 4});
  wipe({});
}
