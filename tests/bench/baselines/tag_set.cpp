#include "tests/bench/baselines/tag_set.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "blindbook/directory/golomb_rice.h"
#include "blindbook/directory/tag.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::bench {
namespace {

constexpr std::size_t kHeaderBytes = 4 + 1;

}  // namespace

std::uint64_t tag_of(ByteView element) {
  const hash::Sha256::Digest digest = hash::sha256({element});
  return ByteReader(digest).u64() >> (64 - directory::kTagBits);
}

Bytes encode_tags(std::vector<std::uint64_t> tags) {
  std::sort(tags.begin(), tags.end());
  const auto tag_at = [&tags](std::size_t i) { return tags[i]; };
  const directory::RiceChoice rice = directory::choose_rice(tags.size(), tag_at);
  ByteWriter header;
  header.u32(static_cast<std::uint32_t>(tags.size())).u8(static_cast<std::uint8_t>(rice.k));
  Bytes out = std::move(header).take();
  out.resize(kHeaderBytes + (rice.bits + 7) / 8);
  directory::encode_tags(tags.size(), tag_at, rice.k, MutableBytes(out).subspan(kHeaderBytes));
  return out;
}

std::vector<std::size_t> positions_in(ByteView set, std::span<const std::uint64_t> tags) {
  std::vector<std::pair<std::uint64_t, std::size_t>> own;
  own.reserve(tags.size());
  for (std::size_t i = 0; i < tags.size(); ++i) {
    own.emplace_back(tags[i], i);
  }
  std::sort(own.begin(), own.end());

  ByteReader reader(set);
  const std::uint32_t count = reader.u32();
  const unsigned rice = reader.u8();
  if (reader.failed() || rice > directory::kMaxRice) {
    throw std::runtime_error("a published set without a header");
  }
  directory::TagDecoder decoder(rice);
  decoder.feed(reader.rest());
  std::vector<std::size_t> found;
  auto next = own.begin();
  for (std::uint32_t i = 0; i < count; ++i) {
    if (decoder.next() != directory::TagDecoder::Step::kTag) {
      throw std::runtime_error("a published set that ends early");
    }
    while (next != own.end() && next->first < decoder.tag()) {
      ++next;
    }
    for (; next != own.end() && next->first == decoder.tag(); ++next) {
      found.push_back(next->second);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace blindbook::bench
