#pragma once

#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/types.h"
#include "blindbook/oprf/suite.h"

/// What names an epoch and how its key is made (docs/spec/derivations.md).
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

}  // namespace blindbook::protocol
