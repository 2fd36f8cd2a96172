#include "blindbook/group/expand_messages.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "blindbook/base/constant_time.h"
#include "blindbook/group/sha512_batch.h"
#include "blindbook/hash/expand_message.h"

namespace blindbook::group {
namespace {

using State = Sha512Lanes::State;

/// The state after Z_pad, one block of zeros, which starts every b_0: the same for all kernels.
const State& after_zero_pad(const kernel::Kernel& kernel) {
  static const State state = [&] {
    constexpr std::array<std::uint8_t, Sha512Lanes::kBlockBytes> kZeros{};
    State out = Sha512Lanes::kInitial;
    std::uint64_t* const words = out.data();
    const std::uint8_t* const block = kZeros.data();
    kernel.sha512_compress(&words, &block, 1);
    return out;
  }();
  return state;
}

/// RFC 9380 section 5.3.1 for 64 bytes, which are b_1 alone: H(b_0 || 1 || DST_prime) with b_0 = H(Z_pad || msg
/// || 64 || 0 || DST_prime).
void expand_side_by_side(const kernel::Kernel& kernel, std::span<const ByteView> msgs, ByteView dst,
                         MutableBytes out) {
  constexpr std::array<std::uint8_t, 3> kLength = {0, kSha512Bytes, 0};
  constexpr std::array<std::uint8_t, 1> kFirst = {1};
  const std::array<std::uint8_t, 1> dst_size = {static_cast<std::uint8_t>(dst.size())};
  std::array<std::uint8_t, kSha512Bytes * Sha512Lanes::kMany> b_0;
  Sha512Lanes first(msgs.size(), after_zero_pad(kernel), Sha512Lanes::kBlockBytes);
  for (std::size_t i = 0; i < msgs.size(); ++i) {
    first.append(i, msgs[i]);
    first.append(i, kLength);
    first.append(i, dst);
    first.append(i, dst_size);
  }
  first.finish(kernel, b_0);
  Sha512Lanes second(msgs.size());
  for (std::size_t i = 0; i < msgs.size(); ++i) {
    second.append(i, std::span(b_0).subspan(kSha512Bytes * i, kSha512Bytes));
    second.append(i, kFirst);
    second.append(i, dst);
    second.append(i, dst_size);
  }
  second.finish(kernel, out);
  wipe(b_0);
}

/// Whether both hashes of the longest message fit. A longer tag is hashed first, which is left to the other way.
bool fits(std::span<const ByteView> msgs, ByteView dst) {
  std::size_t longest = kSha512Bytes;
  for (const ByteView msg : msgs) {
    longest = std::max(longest, msg.size());
  }
  return !dst.empty() && dst.size() <= 255 && Sha512Lanes::holds(longest + 3 + dst.size() + 1);
}

}  // namespace

void expand_messages(const kernel::Kernel& kernel, std::span<const ByteView> msgs, ByteView dst,
                     MutableBytes out) {
  if (out.size() != kSha512Bytes * msgs.size()) {
    throw std::invalid_argument("expand_messages: 64 bytes for each message");
  }
  for (std::size_t start = 0; start < msgs.size(); start += Sha512Lanes::kMany) {
    const std::size_t size = std::min(Sha512Lanes::kMany, msgs.size() - start);
    const std::span<const ByteView> some = msgs.subspan(start, size);
    const MutableBytes some_out = out.subspan(kSha512Bytes * start, kSha512Bytes * size);
    if (kernel.sha512_compress != nullptr && fits(some, dst)) {
      expand_side_by_side(kernel, some, dst, some_out);
      continue;
    }
    for (std::size_t i = 0; i < size; ++i) {
      hash::expand_message_xmd(hash::HashId::kSha512, {some[i]}, dst,
                               some_out.subspan(kSha512Bytes * i, kSha512Bytes));
    }
  }
}

}  // namespace blindbook::group
