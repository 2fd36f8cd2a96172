#include "blindbook/hash/expand_message.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "blindbook/base/constant_time.h"

namespace blindbook::hash {
namespace {

constexpr std::size_t kMaxTagBytes = 255;

/// The hash state after Z_pad, one block of zeros, which starts every b_0: compressed once per process. Never
/// destroyed, because a thread may still hash while the process ends.
template <class Hash>
const Hash& after_zero_pad() {
  static const Hash& state = *new Hash(Hash().update(std::array<std::uint8_t, Hash::kBlockBytes>{}));
  return state;
}

template <class Hash>
void expand(std::initializer_list<ByteView> msg, ByteView dst, MutableBytes out) {
  if (dst.empty() || out.empty() || out.size() > 255 * Hash::kDigestBytes) {
    throw std::invalid_argument("expand_message_xmd: empty tag or impossible output length");
  }
  typename Hash::Digest short_dst;
  if (dst.size() > kMaxTagBytes) {
    short_dst = Hash().update(bytes_of("H2C-OVERSIZE-DST-")).update(dst).finish();
    dst = short_dst;
  }
  const std::array<std::uint8_t, 1> dst_size = {static_cast<std::uint8_t>(dst.size())};
  const std::array<std::uint8_t, 3> length = {static_cast<std::uint8_t>(out.size() >> 8),
                                              static_cast<std::uint8_t>(out.size()), 0};

  Hash first = after_zero_pad<Hash>();
  for (const ByteView part : msg) {
    first.update(part);
  }
  auto b_0 = first.update(length).update(dst).update(dst_size).finish();

  typename Hash::Digest
      block{};  // b_(i-1); zero at first, so that b_1 = H(b_0 || 1 || DST_prime) is no special case
  for (std::uint8_t i = 1; !out.empty(); ++i) {
    for (std::size_t j = 0; j < block.size(); ++j) {
      block[j] = static_cast<std::uint8_t>(block[j] ^ b_0[j]);
    }
    block = Hash().update(block).update({&i, 1}).update(dst).update(dst_size).finish();
    const std::size_t size = std::min(out.size(), block.size());
    std::copy_n(block.begin(), size, out.begin());
    out = out.subspan(size);
  }
  wipe(b_0);
  wipe(block);
}

}  // namespace

void expand_message_xmd(HashId id, std::initializer_list<ByteView> msg, ByteView dst, MutableBytes out) {
  id == HashId::kSha256 ? expand<Sha256>(msg, dst, out) : expand<Sha512>(msg, dst, out);
}

}  // namespace blindbook::hash
