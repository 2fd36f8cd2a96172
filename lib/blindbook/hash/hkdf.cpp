#include "blindbook/hash/hkdf.h"

#include <algorithm>
#include <stdexcept>

#include "blindbook/hash/hmac.h"

namespace blindbook::hash {
namespace {

template <class Hash>
SecretBytes extract(ByteView salt, ByteView ikm) {
  auto digest = Hmac<Hash>(salt).update(ikm).finish();
  SecretBytes prk{ByteView(digest)};
  wipe(digest);
  return prk;
}

template <class Hash>
void expand(ByteView prk, ByteView info, MutableBytes out) {
  if (out.size() > 255 * Hash::kDigestBytes) {
    throw std::invalid_argument("hkdf_expand: more than 255 digests");
  }
  const Hmac<Hash> keyed(prk);
  typename Hash::Digest block;
  ByteView previous;  // T(0) is empty
  std::uint8_t counter = 0;
  while (!out.empty()) {
    ++counter;
    block = Hmac<Hash>(keyed).update(previous).update(info).update({&counter, 1}).finish();
    previous = block;
    const std::size_t size = std::min(out.size(), block.size());
    std::copy_n(block.begin(), size, out.begin());
    out = out.subspan(size);
  }
  wipe(block);
}

}  // namespace

SecretBytes hkdf_extract(HashId id, ByteView salt, ByteView ikm) {
  return id == HashId::kSha256 ? extract<Sha256>(salt, ikm) : extract<Sha512>(salt, ikm);
}

void hkdf_expand(HashId id, ByteView prk, ByteView info, MutableBytes out) {
  id == HashId::kSha256 ? expand<Sha256>(prk, info, out) : expand<Sha512>(prk, info, out);
}

}  // namespace blindbook::hash
