#pragma once

#include <filesystem>
#include <optional>
#include <span>

#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/protocol/state.h"
#include "blindbook/service/file_lock.h"

namespace blindbook::service {

/// Where the state of a client of this operator lies by default:
/// $XDG_STATE_HOME/blindbook/<root fingerprint>/state, ~/.local/state where that is not set. BadInput
/// "state.home" when neither XDG_STATE_HOME nor HOME is.
[[nodiscard]] Result<std::filesystem::path> default_state_file(const protocol::RootFingerprint& root);

/// A client's state with its place on disk. Beside the state file lie its key (state.key, 0600), the
/// directory last verified in each epoch (<epoch>.bbd, public bytes) and, should it come to that, evidence of
/// a fork.
class ClientMemory {
 public:
  /// Opens or begins the state at `file` for the operator of `root` and keeps others out until
  /// destruction. BadInput "state.locked" when another run uses it, "state.missing-key" when there is a state
  /// but no key, "state.operator" when it belongs to another operator, and as protocol::open_state();
  /// Unavailable "file.*".
  [[nodiscard]] static Result<ClientMemory> open(const std::filesystem::path& file,
                                                 const protocol::RootFingerprint& root, RandomSource& random);

  /// Memory of this run only: no protection against rollback, revoked keys or a charge lost in a crash.
  [[nodiscard]] static ClientMemory of_this_run_only(RandomSource& random);

  [[nodiscard]] bool is_kept() const noexcept { return file_.has_value(); }
  [[nodiscard]] protocol::ClientState& state() noexcept { return state_; }
  [[nodiscard]] const Secret<32>& key() const noexcept { return key_; }

  /// Writes the state, atomically and durably; nothing to do when it is not kept. Unavailable "file.write".
  [[nodiscard]] Result<void> save(RandomSource& random);

  /// Unlinks the directories of those epochs. Unavailable "file.remove".
  [[nodiscard]] Result<void> remove_directories(std::span<const EpochId> epochs) const;

  /// Where the directory of `epoch` is kept; nothing when nothing is kept.
  [[nodiscard]] std::optional<std::filesystem::path> directory_file(const EpochId& epoch) const;

  /// Keeps two contradicting announcements in a new file; the path, or nothing when nothing is kept.
  /// Unavailable "file.write".
  [[nodiscard]] Result<std::optional<std::filesystem::path>> keep_evidence(ByteView evidence, UnixTime now);

 private:
  ClientMemory(std::optional<std::filesystem::path> file, std::optional<FileLock> lock, Secret<32> key,
               protocol::ClientState state) noexcept
      : file_(std::move(file)), lock_(std::move(lock)), key_(std::move(key)), state_(std::move(state)) {}

  std::optional<std::filesystem::path> file_;
  std::optional<FileLock> lock_;
  Secret<32> key_;
  protocol::ClientState state_;
};

}  // namespace blindbook::service
