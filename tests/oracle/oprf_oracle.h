#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/bytes.h"

#include "tests/oracle/ristretto_oracle.h"

/// ristretto255-SHA512 of RFC 9497 once more, slowly, from the text of the RFC and the oracle's big integers.
/// Of the product it uses the byte views alone; SHA-512 is OpenSSL's. Keys and blinds are plain integers:
/// neither constant time nor wiped, and so not fit for secrets.
namespace blindbook::oracle {

/// Bytes one behind the other, as `||` of the RFC.
[[nodiscard]] Bytes concatenate(std::initializer_list<ByteView> parts);
/// I2OSP(length, 2) || bytes: how the RFC frames a string.
[[nodiscard]] Bytes framed(ByteView bytes);

/// expand_message_xmd of RFC 9380 section 5.3.1 with SHA-512. `dst` has 1..255 bytes.
[[nodiscard]] Bytes expand_message_xmd(ByteView message, ByteView dst, std::size_t length);
/// HashToScalar of RFC 9497 section 4.1 under any tag.
[[nodiscard]] Integer hash_to_scalar(ByteView message, ByteView dst);

/// A proof of RFC 9497 section 2.2: two scalars, as integers.
struct Proof {
  Integer challenge;
  Integer response;
};
/// 64 bytes.
[[nodiscard]] Bytes encode(const Proof& proof);

/// The pairs a proof is about. Equally long.
struct Pairs {
  std::vector<Point> blinded;    // C
  std::vector<Point> evaluated;  // D
};

/// The pair that a batch is folded into.
struct Composites {
  Point m;
  Point z;
};

/// One mode of the suite.
class Oprf {
 public:
  /// 0x00 OPRF, 0x01 VOPRF.
  explicit Oprf(std::uint8_t mode);

  /// The secret key of DeriveKeyPair, section 3.2.1.
  [[nodiscard]] Integer derive_key(ByteView seed, ByteView info) const;
  [[nodiscard]] Point hash_to_group(ByteView input) const;
  [[nodiscard]] Integer hash_to_scalar(ByteView message) const;

  /// Blind, section 3.3.1: blind * HashToGroup(input).
  [[nodiscard]] Point blind(ByteView input, const Integer& blind) const;
  /// Finalize, section 3.3.1, of a blinded element that was multiplied by the key.
  [[nodiscard]] Bytes finalize(ByteView input, const Integer& blind, const Point& evaluated) const;
  /// Evaluate, section 3.3.1: the output without blinding.
  [[nodiscard]] Bytes evaluate(const Integer& key, ByteView input) const;

  /// ComputeComposites, section 2.2.2, as the verifier computes them.
  [[nodiscard]] Composites composites(const Point& public_key, const Pairs& pairs) const;
  /// GenerateProof, section 2.2.1, with the nonce of the caller.
  [[nodiscard]] Proof prove(const Integer& key, const Pairs& pairs, const Integer& nonce) const;
  /// VerifyProof, section 2.2.2, of 64 bytes as they came: false, too, when a scalar is not below the order.
  [[nodiscard]] bool verify(const Point& public_key, const Pairs& pairs, ByteView proof) const;

 private:
  [[nodiscard]] Bytes tag(std::string_view name) const;
  [[nodiscard]] Integer challenge(const Point& public_key, const Composites& composites, const Point& t2,
                                  const Point& t3) const;

  std::string context_;
};

}  // namespace blindbook::oracle
