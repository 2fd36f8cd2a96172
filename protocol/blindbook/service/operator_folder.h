#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/types.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/ed25519.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/protocol/server.h"
#include "blindbook/service/config.h"
#include "blindbook/service/key_store.h"
#include "blindbook/service/passphrase.h"
#include "blindbook/service/publish_index.h"

/// Everything an operator keeps, in one folder (0700):
///   config.json                        what is settled: config.h
///   blindbook.db                       the ledger
///   keys/<epoch>.key, <epoch>-index.key, announcement.key, token.key, and root.key unless it is kept elsewhere
///   slot/<epoch>.slot, ..              unless the slots are kept in a folder elsewhere
///   public/operator.pub                what clients pin
///   public/announcement.bba            what clients fetch, with
///   public/directory/<epoch>/<edition>.bbd
///   public/patch/<epoch>/<from>-<to>.bbp
///   labels/<epoch>/<edition>.bbs       labels that are resolved on use: label_store.h
///   public/log.bbl                     hashes of all announcements: announcement_log.h
///   log/<seq>.bba                      announcements, until all of their epochs have ended
///   log/hashes.bbl                     their hashes, for ever
///   audit.jsonl                        who ran which command when: audit.h
///   cache/<epoch>/<edition>.bbc        what the next publication need not evaluate: publish_cache.h
///   erased/<epoch>.bbr                 whom no publication may bring back: erased_list.h
/// An epoch's key file holds the epoch's life too, so that a key and what it is for can never part.
namespace blindbook::service {

struct FolderPlan;  // folder_creation.h

/// Names in the key store, besides the ids of epochs.
/// @{
inline constexpr const char* kRootKey = "root";
inline constexpr const char* kAnnouncementKey = "announcement";
inline constexpr const char* kTokenKey = "token";
/// @}

struct NewOperator {
  std::string name;
  SuiteId suite = SuiteId::kRistretto255Sha512;
  protocol::KeyProtection protection =
      protocol::KeyProtection::kPassphrase;  ///< of all keys but the token key, which is never sealed
  PassphraseSource passphrase;               ///< called for kPassphrase only
  std::optional<std::filesystem::path> root_key_out;  ///< where the root key goes; else keys/root.key
  /// Slots go into a folder there that bears the operator's id; else into slot/ in the folder.
  std::optional<std::filesystem::path> slot_folder;
  std::optional<std::string> public_url;
  protocol::ScryptCost cost = {};
  UnixTime now;  ///< the first epoch begins
};

class OperatorFolder {
 public:
  /// Makes the folder with all keys, the first epoch's among them; it lives kEpochLength + kEpochOverlap.
  /// BadInput "folder.exists" when `folder` or the file of the root key is there already (an empty folder is
  /// fine, one that another run is making is not), "folder.unfinished", "operator.name", "folder.suite", and
  /// the errors of the passphrase's source; Unavailable "file.write". When it fails it removes what it made,
  /// and nothing else.
  [[nodiscard]] static Result<OperatorFolder> create(const std::filesystem::path& folder,
                                                     const NewOperator& options, RandomSource& random);

  /// BadInput "folder.missing" when `folder` is no operator's folder, the errors of parse_config(), and
  /// "folder.suite".
  [[nodiscard]] static Result<OperatorFolder> open(const std::filesystem::path& folder,
                                                   PassphraseSource passphrase);

  [[nodiscard]] const Config& config() const noexcept { return config_; }
  /// Replaces config.json. Unavailable "config.locked" when another run has been doing so for 1 s; "file.write".
  [[nodiscard]] Result<void> save_config(Config config);

  [[nodiscard]] const oprf::Suite& suite() const noexcept { return *suite_; }
  /// In hex: the audience of tokens.
  [[nodiscard]] std::string operator_id() const { return protocol::fingerprint_of(config_.root).hex(); }
  [[nodiscard]] KeyStore& keys() noexcept { return *keys_; }
  [[nodiscard]] const KeyStore& keys() const noexcept { return *keys_; }
  [[nodiscard]] bool holds_root_key() const { return keys_->contains(kRootKey); }

  /// A fresh key for an epoch with this life, and its index key, stored. Errors of make_epoch_key() and
  /// KeyStore::store().
  [[nodiscard]] Result<EpochId> create_epoch(UnixTime not_before, UnixTime not_after, RandomSource& random);
  /// create_epoch() for one that begins at `now` and lives kEpochLength + kEpochOverlap.
  [[nodiscard]] Result<EpochId> open_epoch(UnixTime now, RandomSource& random);
  /// Ids of the epochs that have a key file, in no order that means anything.
  [[nodiscard]] Result<std::vector<EpochId>> epochs() const;
  /// The keys of the epochs that have not ended at `now`, in the order of not_before. Errors of
  /// KeyStore::load(), and BadInput "folder.epoch-key" when a key file does not belong to its name.
  [[nodiscard]] Result<std::vector<protocol::EpochKey>> load_epoch_keys(UnixTime now);
  /// The index key of an epoch; nothing when it has none. Errors of KeyStore::load().
  [[nodiscard]] Result<std::optional<PublishIndex>> load_index(const EpochId& epoch);
  /// Makes the index key of an epoch that has none. Errors of KeyStore::store().
  [[nodiscard]] Result<void> create_index(const EpochId& epoch, RandomSource& random);
  /// The key of one epoch, whether or not it has ended. Errors as load_epoch_keys().
  [[nodiscard]] Result<protocol::EpochKey> load_epoch_key(const EpochId& epoch);
  /// Destroys the keys of an epoch, and unlinks its cache, list of erased numbers, label stores, directories and
  /// patches; what is gone already is no error. The keys go first, so that a crash in between leaves what nobody can
  /// read: destroy_epochs_but() of epoch_life.h finds it. Unavailable "file.remove".
  [[nodiscard]] Result<void> destroy_epoch(const EpochId& epoch);

  /// Errors of KeyStore::load(). The root key is in the folder only where holds_root_key().
  /// @{
  [[nodiscard]] Result<protocol::Ed25519SecretKey> load_announcement_key();
  [[nodiscard]] Result<protocol::Ed25519SecretKey> load_token_key();
  [[nodiscard]] Result<protocol::Ed25519SecretKey> load_root_key();
  /// @}

  /// The announcement that is published, verified; nothing before the first publication. Errors of
  /// open_announcement() and read_file().
  [[nodiscard]] Result<std::optional<protocol::OpenedAnnouncement>> announcement() const;
  /// The numbers of the announcements whose bodies stand in the log, rising. Unavailable "file.read".
  [[nodiscard]] Result<std::vector<std::uint64_t>> logged() const;
  /// The announcement at the end of the log, verified; nothing when the log is empty. BadInput "folder.log"
  /// when it is damaged; errors of read_file().
  [[nodiscard]] Result<std::optional<protocol::OpenedAnnouncement>> last_logged() const;
  /// Makes public/ with operator.pub unless they are there. Unavailable "file.folder", "file.write".
  [[nodiscard]] Result<void> restore_public_folder() const;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return folder_; }
  [[nodiscard]] std::filesystem::path ledger_path() const { return folder_ / "blindbook.db"; }
  [[nodiscard]] std::filesystem::path public_folder() const { return folder_ / "public"; }
  [[nodiscard]] std::filesystem::path announcement_path() const {
    return public_folder() / "announcement.bba";
  }
  [[nodiscard]] std::filesystem::path directory_folder(const EpochId& epoch) const;
  [[nodiscard]] std::filesystem::path directory_path(const EpochId& epoch, Edition edition) const;
  [[nodiscard]] std::filesystem::path patch_folder(const EpochId& epoch) const;
  [[nodiscard]] std::filesystem::path patch_path(const EpochId& epoch, Edition from, Edition to) const;
  [[nodiscard]] std::filesystem::path labels_folder() const { return folder_ / "labels"; }
  [[nodiscard]] std::filesystem::path log_path(std::uint64_t seq) const;
  [[nodiscard]] std::filesystem::path log_hashes_path() const { return folder_ / "log" / "hashes.bbl"; }
  [[nodiscard]] std::filesystem::path public_log_path() const { return public_folder() / "log.bbl"; }
  [[nodiscard]] std::filesystem::path audit_path() const { return folder_ / "audit.jsonl"; }
  [[nodiscard]] std::filesystem::path revocations_path() const { return folder_ / "revoked.json"; }
  [[nodiscard]] std::filesystem::path cache_folder(const EpochId& epoch) const;
  [[nodiscard]] std::filesystem::path cache_path(const EpochId& epoch, Edition edition) const;
  [[nodiscard]] std::filesystem::path erased_path(const EpochId& epoch) const;
  [[nodiscard]] std::filesystem::path publish_lock_path() const { return folder_ / "publish.lock"; }

 private:
  friend Result<OperatorFolder> make_operator_folder(const std::filesystem::path& folder, FolderPlan plan,
                                                     RandomSource& random);
  OperatorFolder(std::filesystem::path folder, Config config, const oprf::Suite& suite,
                 PassphraseSource passphrase, const protocol::ScryptCost& cost);
  /// save_config() for who has the lock on the folder already.
  [[nodiscard]] Result<void> write_config_file(Config config);
  [[nodiscard]] Result<protocol::Ed25519SecretKey> load_signing_key(std::string_view name,
                                                                    protocol::KeyKind kind);

  std::filesystem::path folder_;
  Config config_;
  const oprf::Suite* suite_;
  std::unique_ptr<KeyStore> keys_;  // a KeyStore does not move
};

}  // namespace blindbook::service
