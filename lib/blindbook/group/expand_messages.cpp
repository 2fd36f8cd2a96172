#include "blindbook/group/expand_messages.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "blindbook/base/constant_time.h"
#include "blindbook/hash/expand_message.h"

namespace blindbook::group {
namespace {

constexpr std::size_t kBlockBytes = 128;
constexpr std::size_t kDigestBytes = 64;
/// FIPS 180-4 section 5.1.2: a bit, and the length in bits in 128.
constexpr std::size_t kPaddingBytes = 1 + 16;
/// Messages side by side: twice the most lanes, on 7 KiB of stack.
constexpr std::size_t kMany = 16;
constexpr std::size_t kMaxBlocks = 3;

using State = std::array<std::uint64_t, 8>;

/// FIPS 180-4 section 5.3.5.
constexpr State kInitial = {0x6a09e667f3bcc908U, 0xbb67ae8584caa73bU, 0x3c6ef372fe94f82bU,
                            0xa54ff53a5f1d36f1U, 0x510e527fade682d1U, 0x9b05688c2b3e6c1fU,
                            0x1f83d9abfb41bd6bU, 0x5be0cd19137e2179U};

template <class T>
void wipe_object(T& object) noexcept {
  wipe({reinterpret_cast<std::uint8_t*>(&object), sizeof object});
}

void store_big_endian(std::uint64_t word, std::uint8_t* out) noexcept {
  for (std::size_t i = 8; i-- > 0; word >>= 8) {
    out[i] = static_cast<std::uint8_t>(word);
  }
}

/// SHA-512 of up to kMany messages, fed in pieces, compressed together.
class Sha512Side {
 public:
  /// Every message follows `bytes_before` bytes, whole blocks, that have led to `state`.
  Sha512Side(std::size_t count, const State& state, std::size_t bytes_before) noexcept
      : count_(count), bytes_before_(bytes_before) {
    std::fill_n(states_.begin(), count, state);
  }
  ~Sha512Side() {
    wipe_object(states_);
    wipe_object(blocks_);
  }
  Sha512Side(const Sha512Side&) = delete;
  Sha512Side& operator=(const Sha512Side&) = delete;

  [[nodiscard]] static constexpr bool holds(std::size_t bytes) noexcept {
    return bytes + kPaddingBytes <= kMaxBlocks * kBlockBytes;
  }
  /// A message in all holds() at most.
  void append(std::size_t message, ByteView bytes) noexcept {
    std::copy(bytes.begin(), bytes.end(),
              blocks_[message].begin() + static_cast<std::ptrdiff_t>(sizes_[message]));
    sizes_[message] += bytes.size();
  }
  /// One digest after the other.
  void finish(const kernel::Kernel& kernel, MutableBytes out) noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
      blocks_[i][sizes_[i]] = 0x80;
      store_big_endian(8 * (bytes_before_ + sizes_[i]), blocks_[i].data() + blocks_of(i) * kBlockBytes - 8);
    }
    for (std::size_t block = 0; block < kMaxBlocks; ++block) {
      compress(kernel, block);
    }
    for (std::size_t i = 0; i < count_; ++i) {
      for (std::size_t word = 0; word < states_[i].size(); ++word) {
        store_big_endian(states_[i][word], out.data() + kDigestBytes * i + 8 * word);
      }
    }
  }

 private:
  [[nodiscard]] std::size_t blocks_of(std::size_t message) const noexcept {
    return (sizes_[message] + kPaddingBytes + kBlockBytes - 1) / kBlockBytes;
  }
  /// That block of all messages which have it.
  void compress(const kernel::Kernel& kernel, std::size_t block) noexcept {
    std::array<std::uint64_t*, kMany> states;
    std::array<const std::uint8_t*, kMany> blocks;
    std::size_t having = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      if (block < blocks_of(i)) {
        states[having] = states_[i].data();
        blocks[having] = blocks_[i].data() + block * kBlockBytes;
        ++having;
      }
    }
    kernel.sha512_compress(states.data(), blocks.data(), having);
  }

  std::size_t count_;
  std::size_t bytes_before_;
  std::array<std::size_t, kMany> sizes_{};
  std::array<State, kMany> states_;
  std::array<std::array<std::uint8_t, kMaxBlocks * kBlockBytes>, kMany> blocks_{};
};

/// The state after Z_pad, one block of zeros, which starts every b_0: the same for all kernels.
const State& after_zero_pad(const kernel::Kernel& kernel) {
  static const State state = [&] {
    constexpr std::array<std::uint8_t, kBlockBytes> kZeros{};
    State out = kInitial;
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
  constexpr std::array<std::uint8_t, 3> kLength = {0, kDigestBytes, 0};
  constexpr std::array<std::uint8_t, 1> kFirst = {1};
  const std::array<std::uint8_t, 1> dst_size = {static_cast<std::uint8_t>(dst.size())};
  std::array<std::uint8_t, kDigestBytes * kMany> b_0;
  Sha512Side first(msgs.size(), after_zero_pad(kernel), kBlockBytes);
  for (std::size_t i = 0; i < msgs.size(); ++i) {
    first.append(i, msgs[i]);
    first.append(i, kLength);
    first.append(i, dst);
    first.append(i, dst_size);
  }
  first.finish(kernel, b_0);
  Sha512Side second(msgs.size(), kInitial, 0);
  for (std::size_t i = 0; i < msgs.size(); ++i) {
    second.append(i, std::span(b_0).subspan(kDigestBytes * i, kDigestBytes));
    second.append(i, kFirst);
    second.append(i, dst);
    second.append(i, dst_size);
  }
  second.finish(kernel, out);
  wipe_object(b_0);
}

/// Whether both hashes of the longest message fit. A longer tag is hashed first, which is left to the other way.
bool fits(std::span<const ByteView> msgs, ByteView dst) {
  std::size_t longest = kDigestBytes;
  for (const ByteView msg : msgs) {
    longest = std::max(longest, msg.size());
  }
  return !dst.empty() && dst.size() <= 255 && Sha512Side::holds(longest + 3 + dst.size() + 1);
}

}  // namespace

void expand_messages(const kernel::Kernel& kernel, std::span<const ByteView> msgs, ByteView dst,
                     MutableBytes out) {
  if (out.size() != kDigestBytes * msgs.size()) {
    throw std::invalid_argument("expand_messages: 64 bytes for each message");
  }
  for (std::size_t start = 0; start < msgs.size(); start += kMany) {
    const std::size_t size = std::min(kMany, msgs.size() - start);
    const std::span<const ByteView> some = msgs.subspan(start, size);
    const MutableBytes some_out = out.subspan(kDigestBytes * start, kDigestBytes * size);
    if (kernel.sha512_compress != nullptr && fits(some, dst)) {
      expand_side_by_side(kernel, some, dst, some_out);
      continue;
    }
    for (std::size_t i = 0; i < size; ++i) {
      hash::expand_message_xmd(hash::HashId::kSha512, {some[i]}, dst,
                               some_out.subspan(kDigestBytes * i, kDigestBytes));
    }
  }
}

}  // namespace blindbook::group
