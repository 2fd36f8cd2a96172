// Digests side by side against OpenSSL's, one message after the other.
#include "blindbook/group/sha512_batch.h"

#include <stdexcept>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/group/ristretto255.h"
#include "blindbook/hash/sha2.h"

#include "tests/unit/group/messages.h"

using namespace blindbook;
using namespace blindbook::group::test;
using group::kernel::Kernel;

namespace {

void check(const Kernel& kernel, const std::vector<Bytes>& messages) {
  const std::vector<ByteView> views(messages.begin(), messages.end());
  Bytes together(group::kSha512Bytes * messages.size());
  group::sha512_batch(kernel, views, together);
  Bytes single;
  for (const ByteView message : views) {
    const auto digest = hash::sha512({message});
    single.insert(single.end(), digest.begin(), digest.end());
  }
  INFO(kernel.name << ", " << messages.size() << " messages");
  CHECK(together == single);
}

}  // namespace

TEST_CASE("digests side by side are those of each message at every count") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  for (std::size_t count = 0; count <= 2 * group::Sha512Lanes::kMany + 1; ++count) {
    check(kernel, messages_of(std::vector<std::size_t>(count, 57)));
  }
}

TEST_CASE("digests side by side are those of each message at every length around the ends of blocks") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  std::vector<std::size_t> rising;
  std::vector<std::size_t> mixed;  // neighbours of very different lengths
  for (std::size_t length = 0; length <= 420; ++length) {
    rising.push_back(length);
    mixed.push_back(length * 89 % 421);
  }
  check(kernel, messages_of(rising));
  check(kernel, messages_of(mixed));
}

TEST_CASE("digests side by side need 64 bytes each") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  const ByteView message = bytes_of("m");
  Bytes out(65);
  CHECK_THROWS_AS(group::sha512_batch(kernel, {&message, 1}, out), std::invalid_argument);
}

TEST_CASE("the hash of the suite is that of each message and wants as many digests") {
  const auto messages = messages_of({0, 57, 57, 58, 600, 111, 112, 3, 57});
  const std::vector<ByteView> views(messages.begin(), messages.end());
  std::vector<group::Ristretto255::Digest> digests(views.size());
  group::Ristretto255::hash_batch(views, digests);
  for (std::size_t i = 0; i < views.size(); ++i) {
    CHECK(digests[i] == hash::sha512({views[i]}));
  }
  digests.pop_back();
  CHECK_THROWS_AS(group::Ristretto255::hash_batch(views, digests), std::invalid_argument);
}
