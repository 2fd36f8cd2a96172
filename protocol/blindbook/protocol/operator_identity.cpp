#include "blindbook/protocol/operator_identity.h"

#include <algorithm>

#include "blindbook/base/domains.h"
#include "blindbook/base/printable.h"
#include "blindbook/base/utf8.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/protocol/params.h"

namespace blindbook::protocol {

RootFingerprint fingerprint_of(const Ed25519PublicKey& root) {
  const auto digest = hash::sha256({bytes_of(domain::kRoot), root.view()});
  return RootFingerprint(std::span(digest).first<RootFingerprint::kSize>());
}

std::string encode_operator_file(const Ed25519PublicKey& root) {
  return to_base64url(root.view()) + "\n";
}

Result<Ed25519PublicKey> decode_operator_file(std::string_view text) {
  if (text.ends_with('\n')) {
    text.remove_suffix(1);
  }
  if (text.ends_with('\r')) {
    text.remove_suffix(1);
  }
  const auto bytes = from_base64url(text);
  if (!bytes || bytes->size() != Ed25519PublicKey::kSize) {
    return bad_input("operator.key",
                     "not an operator key: one line of base64url, 43 characters, is expected");
  }
  return Ed25519PublicKey(std::span<const std::uint8_t, Ed25519PublicKey::kSize>(*bytes));
}

Result<void> check_operator_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxOperatorNameBytes || !is_valid_utf8(name) ||
      printable(name) != name) {
    return bad_input("operator.name",
                     "an operator name has 1 to 255 bytes of UTF-8 without control characters");
  }
  return {};
}

}  // namespace blindbook::protocol
