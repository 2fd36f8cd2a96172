#pragma once

#include <utility>

#include "blindbook/base/bytes.h"
#include "blindbook/base/secret.h"
#include "blindbook/base/types.h"

namespace blindbook::oprf {

class Suite;

/// The public key of one epoch: a canonical element that is not the identity. Only a Suite makes one, so
/// whoever holds one need not check it again.
class PublicKey {
 public:
  [[nodiscard]] SuiteId suite() const noexcept { return suite_; }
  /// The element's encoding, SuiteSizes::element bytes.
  [[nodiscard]] ByteView bytes() const noexcept { return bytes_; }

  friend bool operator==(const PublicKey&, const PublicKey&) noexcept = default;

 private:
  friend class Suite;
  PublicKey(SuiteId suite, ByteView bytes) : suite_(suite), bytes_(bytes.begin(), bytes.end()) {}

  SuiteId suite_;
  Bytes bytes_;
};

/// The secret scalar of one epoch: canonical and not zero, wiped on destruction. Only a Suite makes one.
class SecretKey {
 public:
  [[nodiscard]] SuiteId suite() const noexcept { return suite_; }
  /// The scalar's encoding, SuiteSizes::scalar bytes: for the key file and for nothing else.
  [[nodiscard]] ByteView expose() const noexcept { return scalar_.expose(); }

 private:
  friend class Suite;
  SecretKey(SuiteId suite, SecretBytes scalar) noexcept : suite_(suite), scalar_(std::move(scalar)) {}

  SuiteId suite_;
  SecretBytes scalar_;
};

/// Both halves; public_key is always the one that belongs to secret.
struct KeyPair {
  SecretKey secret;
  PublicKey public_key;
};

}  // namespace blindbook::oprf
