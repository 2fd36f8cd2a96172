// Messages hashed side by side against the hash of one message after the other.
#include "blindbook/group/expand_messages.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/group/ristretto255.h"
#include "blindbook/hash/expand_message.h"

#include "tests/unit/group/messages.h"

using namespace blindbook;
using group::kernel::Kernel;
using namespace blindbook::group::test;

namespace {

void check(const Kernel& kernel, const std::vector<Bytes>& messages, ByteView dst) {
  const std::vector<ByteView> views(messages.begin(), messages.end());
  Bytes together(64 * messages.size());
  group::expand_messages(kernel, views, dst, together);
  Bytes single(64 * messages.size());
  for (std::size_t i = 0; i < messages.size(); ++i) {
    hash::expand_message_xmd(hash::HashId::kSha512, {views[i]}, dst,
                             MutableBytes(single).subspan(64 * i, 64));
  }
  INFO(kernel.name << ", " << messages.size() << " messages");
  CHECK(together == single);
}

}  // namespace

TEST_CASE("messages side by side hash as one by one at every count") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  for (std::size_t count = 0; count <= 35; ++count) {
    check(kernel, messages_of(std::vector<std::size_t>(count, 15)), bytes_of("HashToGroup-test"));
  }
}

TEST_CASE("messages side by side hash as one by one at every length around the ends of blocks") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  std::vector<std::size_t> lengths;
  for (std::size_t length = 0; length <= 420; ++length) {
    lengths.push_back(length * 89 % 421);  // neighbours of very different lengths
  }
  for (const std::size_t tag : {std::size_t{1}, std::size_t{40}, std::size_t{47}, std::size_t{48},
                                std::size_t{111}, std::size_t{255}, std::size_t{256}, std::size_t{300}}) {
    check(kernel, messages_of(lengths), bytes_of(std::string(tag, 't')));
  }
}

TEST_CASE("messages side by side are refused without a tag or room") {
  const Kernel& kernel = *GENERATE(from_range(runnable_kernels()));
  const ByteView message = bytes_of("m");
  Bytes out(64);
  CHECK_THROWS_AS(group::expand_messages(kernel, {&message, 1}, {}, out), std::invalid_argument);
  CHECK_THROWS_AS(group::expand_messages(kernel, {&message, 1}, bytes_of("t"), MutableBytes(out).first(63)),
                  std::invalid_argument);
}

TEST_CASE("scalars of many messages are those of each") {
  const auto messages = messages_of({0, 1, 145, 145, 2, 300, 64, 63, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9});
  const std::vector<ByteView> views(messages.begin(), messages.end());
  std::vector<group::Ristretto255::Scalar> scalars(views.size());
  group::Ristretto255::hash_to_scalar_batch(views, bytes_of("HashToScalar-test"), scalars);
  for (std::size_t i = 0; i < views.size(); ++i) {
    CHECK(group::Ristretto255::equal(
        scalars[i], group::Ristretto255::hash_to_scalar({views[i]}, bytes_of("HashToScalar-test"))));
  }
}
