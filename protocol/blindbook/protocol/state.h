#pragma once

#include <optional>
#include <string>
#include <vector>

#include "blindbook/base/secret.h"
#include "blindbook/protocol/history.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/protocol/output_store.h"

/// What a client keeps between runs, one file per operator. Sealed under a 32-byte key that lies beside it:
/// that protects a backup without the key, not against who reads both.
namespace blindbook::protocol {

/// Of one (epoch, profile); wiped at the epoch's not_after.
struct EpochMemory {
  EpochId id;
  UnixTime not_after;
  /// Whether the first batch of this epoch was answered and verified: until then a run is the first.
  bool begun = false;
  /// When this client leaves the epoch for the next; drawn once, nothing before there is a next one.
  std::optional<UnixTime> leave_at;
  OutputStore outputs;
  Bytes pending;    ///< a suspended request (client.h); empty when there is none
  Edition edition;  ///< of the directory file that lies beside the state; 0 when there is none
};

struct ClientState {
  RootFingerprint root;     ///< whose service all of this is about
  OperatorHistory history;  ///< never wiped
  std::vector<EpochMemory> epochs;

  /// The memory of `id`, or null. Valid until `epochs` changes.
  [[nodiscard]] EpochMemory* find(const EpochId& id);
  /// The memory of `id`, made when absent.
  EpochMemory& remember(const EpochId& id, UnixTime not_after);
  /// Wipes what belongs to epochs that ended before `now`; returns their ids.
  std::vector<EpochId> forget_ended(UnixTime now);
};

/// magic(8) version(1) || aead_seal(content); docs/spec/state.md.
[[nodiscard]] Bytes seal_state(const ClientState& state, const Secret<32>& key, RandomSource& random);

/// BadInput "state.format" (no state file, or a later version), "state.key" (it does not open),
/// "state.content".
[[nodiscard]] Result<ClientState> open_state(ByteView file, const Secret<32>& key);

}  // namespace blindbook::protocol
