#pragma once

#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/secret.h"
#include "blindbook/base/strong.h"
#include "blindbook/hash/hmac.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::service {

/// A row of the subscriber list, hashed under an index key.
using RowHash = StrongBytes<struct RowHashTag, 16>;
/// An identifier, hashed under an index key.
using NumberHash = StrongBytes<struct NumberHashTag, 16>;

/// How an operator knows rows and numbers again without keeping them: by HMAC-SHA-256 under the index key of an
/// epoch, 32 random bytes that are destroyed with it (docs/spec/publish-cache.md). Whoever lacks the key learns
/// from a hash neither the number nor that two epochs hold the same one; whoever has it can try all numbers.
/// Immutable and thread-safe.
class PublishIndex {
 public:
  explicit PublishIndex(const Secret<32>& key) noexcept : keyed_(key.expose()) {}

  /// Of a row as the source has it: the number as it is written there, the region that numbers without + are
  /// of, empty if none, and the label.
  [[nodiscard]] RowHash row(std::string_view number, std::string_view region, std::string_view label) const;
  /// Of "tel:+4930..".
  [[nodiscard]] NumberHash identifier(ByteView identifier) const;
  /// To be fed with a file that this key authenticates: domain::kIndexCache or domain::kIndexErased.
  [[nodiscard]] hash::Hmac<hash::Sha256> authenticator(std::string_view domain) const;

 private:
  hash::Hmac<hash::Sha256> keyed_;
};

}  // namespace blindbook::service
