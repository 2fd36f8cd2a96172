#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"
#include "blindbook/protocol/sealed_file.h"
#include "blindbook/service/passphrase.h"

namespace blindbook::service {

/// The secret keys of an operator: <keys>/<name>.key, sealed under the passphrase and <slots>/<name>.slot.
/// All files are 0600, refused when others may read them, and never written over. One process stretches the
/// passphrase once (0.4 s and 128 MiB at the default cost). May be used from several threads.
class KeyStore {
 public:
  struct Options {
    std::filesystem::path keys;
    std::filesystem::path slots;     ///< best another volume, tmpfs or a credential
    PassphraseSource passphrase;     ///< called when a sealed key is stored or loaded first
    protocol::ScryptCost cost = {};  ///< of keys that are stored from now on
  };
  explicit KeyStore(Options options) : options_(std::move(options)) {}

  /// Writes a new key, which is durable when this returns. BadInput "key.exists" when `name` has a key
  /// already, "key.slot-exists" when a slot of that name is there without it (it may guard a key of another
  /// operator), and the errors of the passphrase's source; Unavailable "file.write", "file.folder".
  [[nodiscard]] Result<void> store(std::string_view name, protocol::KeyKind kind,
                                   protocol::KeyProtection protection, ByteView secret, RandomSource& random);

  /// The secret of `name`. BadInput "key.missing", "key.format", "key.kind" (a key for something else),
  /// "file.access", "key.passphrase" and the errors of the passphrase's source; Unavailable "key.slot" when
  /// the slot is lost, which ends the key.
  [[nodiscard]] Result<SecretBytes> load(std::string_view name, protocol::KeyKind kind);

  /// How the key of `name` is guarded, without opening it. BadInput "key.missing", "key.format",
  /// "file.access".
  [[nodiscard]] Result<protocol::KeyProtection> protection_of(std::string_view name) const;

  [[nodiscard]] bool contains(std::string_view name) const;

  /// Unlinks slot and key, durably; no error when they are gone already. Unavailable "file.remove".
  [[nodiscard]] Result<void> destroy(std::string_view name);

 private:
  struct Stretched {
    protocol::ScryptSalt salt;
    protocol::ScryptCost cost;
    protocol::StretchedPassphrase passphrase;
  };
  [[nodiscard]] std::filesystem::path key_path(std::string_view name) const;
  [[nodiscard]] std::filesystem::path slot_path(std::string_view name) const;
  [[nodiscard]] Result<void> write_key(std::string_view name, ByteView file) const;
  [[nodiscard]] tl::unexpected<Error> key_exists(std::string_view name) const;
  [[nodiscard]] Result<SecretBytes> read(std::string_view name) const;
  [[nodiscard]] Result<protocol::Slot> read_slot(std::string_view name) const;
  [[nodiscard]] Result<const Stretched*> stretched(const protocol::ScryptSalt& salt,
                                                   const protocol::ScryptCost& cost);
  [[nodiscard]] Result<const Stretched*> stretched_for_new_keys(RandomSource& random);

  const Options options_;
  std::mutex mutex_;  // guards all below
  std::vector<std::unique_ptr<const Stretched>> stretched_;
};

}  // namespace blindbook::service
