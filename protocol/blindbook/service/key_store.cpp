#include "blindbook/service/key_store.h"

#include <system_error>
#include <utility>

#include "blindbook/service/atomic_file.h"
#include "blindbook/service/memory_protection.h"

namespace blindbook::service {

namespace fs = std::filesystem;

Result<void> KeyStore::store(std::string_view name, protocol::KeyKind kind,
                             protocol::KeyProtection protection, ByteView secret, RandomSource& random) {
  if (contains(name)) {  // asked before a passphrase is
    return key_exists(name);
  }
  if (protection == protocol::KeyProtection::kNone) {
    return write_key(name, protocol::unsealed_key_file(kind, secret).expose());
  }
  const std::lock_guard lock(mutex_);
  const Result<const Stretched*> stretched = stretched_for_new_keys(random);
  if (!stretched) {
    return tl::unexpected<Error>(stretched.error());
  }
  protocol::Slot slot;
  random.fill(slot.expose_mutable());
  // It may have lain in memory, and be gone after a reboot.
  if (Result<void> made = create_folder(options_.slots, FileAccess::kOwnerOnly); !made) {
    return made;
  }
  // The slot first: a key file without its slot could never be opened, a slot without its key file harms
  // nobody.
  const Result<bool> written = write_new_file(slot_path(name), slot.expose(), FileAccess::kOwnerOnly);
  if (!written) {
    return tl::unexpected<Error>(written.error());
  }
  if (!*written) {
    return bad_input(
        "key.slot-exists", slot_path(name).string() + " exists, and may be what guards another key",
        "give each operator a slot folder of its own, and remove no slot whose key may be needed");
  }
  const Bytes file = protocol::seal_key_file(kind, name, secret, (*stretched)->cost, (*stretched)->salt,
                                             (*stretched)->passphrase, slot, random);
  Result<void> stored = write_key(name, file);
  if (!stored) {
    // The slot is this call's own, and guards nothing.
    static_cast<void>(remove_file(slot_path(name)));
  }
  return stored;
}

Result<void> KeyStore::write_key(std::string_view name, ByteView file) const {
  const Result<bool> written = write_new_file(key_path(name), file, FileAccess::kOwnerOnly);
  if (!written) {
    return tl::unexpected<Error>(written.error());
  }
  return *written ? Result<void>() : key_exists(name);
}

tl::unexpected<Error> KeyStore::key_exists(std::string_view name) const {
  return bad_input("key.exists", key_path(name).string() + " exists already");
}

Result<SecretBytes> KeyStore::load(std::string_view name, protocol::KeyKind kind) {
  Result<SecretBytes> file = read(name);
  if (!file) {
    return failed(file);
  }
  // Neither file is ever written again, so what stands beside them under a temporary name is of no use to
  // anybody.
  remove_leftovers(key_path(name));
  remove_leftovers(slot_path(name));
  Result<protocol::KeyFileHeader> header = protocol::parse_key_file_header(file->expose());
  if (!header) {
    return failed(header);
  }
  if (header->kind != kind) {
    return bad_input("key.kind", key_path(name).string() + " holds a key for something else");
  }
  if (header->protection == protocol::KeyProtection::kNone) {
    SecretBytes secret(file->expose().subspan(protocol::kKeyFileHeaderBytes));
    lock_in_memory(secret.expose());
    return secret;
  }
  Result<protocol::Slot> slot = read_slot(name);
  if (!slot) {
    return failed(slot);
  }
  const std::lock_guard lock(mutex_);
  const Result<const Stretched*> passphrase = stretched(header->salt, header->cost);
  if (!passphrase) {
    return tl::unexpected<Error>(passphrase.error());
  }
  Result<SecretBytes> secret =
      protocol::open_key_file(file->expose(), name, (*passphrase)->passphrase, *slot);
  if (secret) {
    lock_in_memory(secret->expose());
  }
  return secret;
}

Result<protocol::KeyProtection> KeyStore::protection_of(std::string_view name) const {
  Result<SecretBytes> file = read(name);
  if (!file) {
    return failed(file);
  }
  Result<protocol::KeyFileHeader> header = protocol::parse_key_file_header(file->expose());
  if (!header) {
    return failed(header);
  }
  return header->protection;
}

bool KeyStore::contains(std::string_view name) const {
  std::error_code ignored;
  return fs::exists(key_path(name), ignored);
}

Result<void> KeyStore::destroy(std::string_view name) {
  if (Result<void> removed = remove_file(slot_path(name)); !removed) {
    return removed;
  }
  return remove_file(key_path(name));
}

fs::path KeyStore::key_path(std::string_view name) const {
  return options_.keys / std::string(name).append(".key");
}

fs::path KeyStore::slot_path(std::string_view name) const {
  return options_.slots / std::string(name).append(".slot");
}

Result<SecretBytes> KeyStore::read(std::string_view name) const {
  if (!contains(name)) {
    return bad_input("key.missing", key_path(name).string() + " does not exist");
  }
  return read_secret_file(key_path(name), protocol::kMaxKeyFileBytes);
}

Result<protocol::Slot> KeyStore::read_slot(std::string_view name) const {
  const fs::path path = slot_path(name);
  const auto lost = [&](const char* how) {
    return unavailable("key.slot", path.string() + how + ", so that its key is lost",
                       "mount the slot folder; if it is lost: blindbook epoch rotate --emergency");
  };
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return lost(" does not exist");
  }
  Result<SecretBytes> bytes = read_secret_file(path, protocol::Slot::kSize);
  if (!bytes) {
    return failed(bytes);
  }
  if (bytes->size() != protocol::Slot::kSize) {
    return lost(" was cut");
  }
  return protocol::Slot(bytes->expose().first<protocol::Slot::kSize>());
}

/// The passphrase stretched with that salt and cost; its source is asked again only for another salt.
Result<const KeyStore::Stretched*> KeyStore::stretched(const protocol::ScryptSalt& salt,
                                                       const protocol::ScryptCost& cost) {
  for (const auto& known : stretched_) {
    if (known->salt == salt && known->cost == cost) {
      return known.get();
    }
  }
  Result<SecretBytes> passphrase = options_.passphrase();
  if (!passphrase) {
    return failed(passphrase);
  }
  Result<protocol::StretchedPassphrase> result = protocol::stretch(passphrase->expose(), salt, cost);
  if (!result) {
    return failed(result);
  }
  stretched_.push_back(std::make_unique<const Stretched>(Stretched{salt, cost, std::move(*result)}));
  lock_in_memory(stretched_.back()->passphrase.expose());
  return stretched_.back().get();
}

/// New keys share the salt of those already open, so that the next process, too, pays for scrypt once.
Result<const KeyStore::Stretched*> KeyStore::stretched_for_new_keys(RandomSource& random) {
  for (const auto& known : stretched_) {
    if (known->cost == options_.cost) {
      return known.get();
    }
  }
  protocol::ScryptSalt salt;
  random.fill(salt.mutable_view());
  return stretched(salt, options_.cost);
}

}  // namespace blindbook::service
