#pragma once

#include <optional>
#include <vector>

#include "blindbook/base/identifier.h"
#include "blindbook/protocol/client.h"

/// The bytes of a suspended request: magic(8) version(1) || aead_seal of
///   epoch_id(16) created_at(8) issuer subject count(2) { identifier or empty } batch, texts framed by 2
///   bytes of length.
namespace blindbook::protocol {

struct PendingContent {
  PendingRequest named;
  std::vector<std::optional<Identifier>> slots;
  SecretBytes batch;  ///< as ClientBatch::save() gave it
};

[[nodiscard]] Bytes encode_pending(const Secret<32>& key, const PendingContent& content,
                                   RandomSource& random);
/// BadInput "client.pending".
[[nodiscard]] Result<PendingContent> decode_pending(const Secret<32>& key, ByteView blob);

}  // namespace blindbook::protocol
