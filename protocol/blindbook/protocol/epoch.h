#pragma once

#include <optional>
#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"
#include "blindbook/base/types.h"
#include "blindbook/oprf/suite.h"

/// What names an epoch, how its key is made (docs/spec/derivations.md) and what its key file holds.
namespace blindbook::protocol {

/// SHA-256 over suite, operator name, public key and life, cut to 16 bytes: whoever knows the id knows all of
/// these.
[[nodiscard]] EpochId epoch_id(std::string_view operator_name, const oprf::PublicKey& key,
                               UnixTime not_before, UnixTime not_after);

/// A fresh key for one epoch: DeriveKeyPair (RFC 9497 section 3.2.1) over 32 fresh bytes, which are wiped. No
/// key is ever derived from another. Errors as Suite::derive_key_pair.
[[nodiscard]] Result<oprf::KeyPair> make_epoch_key(const oprf::Suite& suite, std::string_view operator_name,
                                                   UnixTime not_before, RandomSource& random);

/// The `info` of that derivation; public, so that vectors can be checked.
[[nodiscard]] Bytes epoch_key_info(std::string_view operator_name, UnixTime not_before);

/// What the key file of an epoch holds (docs/spec/state.md): suite(1) not_before(8) not_after(8) scalar.
struct EpochSecret {
  const oprf::Suite* suite;
  UnixTime not_before;
  UnixTime not_after;
  ByteView scalar;  ///< for Suite::decode_secret_key()
};
[[nodiscard]] SecretBytes encode_epoch_secret(const oprf::SecretKey& key, UnixTime not_before,
                                              UnixTime not_after);
/// The parts of `secret`, which `scalar` points into; none when it is too short or of an unknown suite.
[[nodiscard]] std::optional<EpochSecret> parse_epoch_secret(ByteView secret);

}  // namespace blindbook::protocol
