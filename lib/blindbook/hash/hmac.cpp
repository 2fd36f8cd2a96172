#include "blindbook/hash/hmac.h"

namespace blindbook::hash {

std::array<std::uint8_t, 32> hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) noexcept {
  Hmac<Sha256> mac(key);
  for (const ByteView part : parts) {
    mac.update(part);
  }
  return mac.finish();
}

}  // namespace blindbook::hash
