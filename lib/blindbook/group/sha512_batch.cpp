#include "blindbook/group/sha512_batch.h"

#include <algorithm>
#include <stdexcept>

#include "blindbook/base/constant_time.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::group {
namespace {

template <class T>
void wipe_object(T& object) noexcept {
  wipe({reinterpret_cast<std::uint8_t*>(&object), sizeof object});
}

void store_big_endian(std::uint64_t word, std::uint8_t* out) noexcept {
  for (std::size_t i = 8; i-- > 0; word >>= 8) {
    out[i] = static_cast<std::uint8_t>(word);
  }
}

void hash_together(const kernel::Kernel& kernel, std::span<const ByteView> msgs, MutableBytes out) {
  Sha512Lanes hashes(msgs.size());
  for (std::size_t i = 0; i < msgs.size(); ++i) {
    hashes.append(i, msgs[i]);
  }
  hashes.finish(kernel, out);
}

void hash_each(std::span<const ByteView> msgs, MutableBytes out) {
  for (std::size_t i = 0; i < msgs.size(); ++i) {
    hash::Sha512::Digest digest = hash::sha512({msgs[i]});
    std::ranges::copy(digest, out.subspan(kSha512Bytes * i, kSha512Bytes).begin());
    wipe(digest);
  }
}

}  // namespace

Sha512Lanes::Sha512Lanes(std::size_t count, const State& state, std::size_t bytes_before) noexcept
    : count_(count), bytes_before_(bytes_before) {
  states_.fill(state);
}

Sha512Lanes::~Sha512Lanes() {
  wipe_object(states_);
  wipe_object(blocks_);
}

void Sha512Lanes::append(std::size_t message, ByteView bytes) noexcept {
  std::copy(bytes.begin(), bytes.end(),
            blocks_[message].begin() + static_cast<std::ptrdiff_t>(sizes_[message]));
  sizes_[message] += bytes.size();
}

std::size_t Sha512Lanes::blocks_of(std::size_t message) const noexcept {
  return (sizes_[message] + kPaddingBytes + kBlockBytes - 1) / kBlockBytes;
}

void Sha512Lanes::finish(const kernel::Kernel& kernel, MutableBytes out) noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    blocks_[i][sizes_[i]] = 0x80;
    store_big_endian(8 * (bytes_before_ + sizes_[i]), blocks_[i].data() + blocks_of(i) * kBlockBytes - 8);
  }
  for (std::size_t block = 0; block < kMaxBlocks; ++block) {
    compress(kernel, block);
  }
  for (std::size_t i = 0; i < count_; ++i) {
    for (std::size_t word = 0; word < states_[i].size(); ++word) {
      store_big_endian(states_[i][word], out.data() + kSha512Bytes * i + 8 * word);
    }
  }
}

void Sha512Lanes::compress(const kernel::Kernel& kernel, std::size_t block) noexcept {
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

void sha512_batch(const kernel::Kernel& kernel, std::span<const ByteView> msgs, MutableBytes out) {
  if (out.size() != kSha512Bytes * msgs.size()) {
    throw std::invalid_argument("sha512_batch: 64 bytes for each message");
  }
  for (std::size_t start = 0; start < msgs.size(); start += Sha512Lanes::kMany) {
    const std::size_t size = std::min(Sha512Lanes::kMany, msgs.size() - start);
    const std::span<const ByteView> some = msgs.subspan(start, size);
    const MutableBytes some_out = out.subspan(kSha512Bytes * start, kSha512Bytes * size);
    const bool fit = std::ranges::all_of(some, [](ByteView msg) { return Sha512Lanes::holds(msg.size()); });
    if (kernel.sha512_compress != nullptr && fit) {
      hash_together(kernel, some, some_out);
    } else {
      hash_each(some, some_out);
    }
  }
}

}  // namespace blindbook::group
