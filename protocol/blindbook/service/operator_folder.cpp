#include "blindbook/service/operator_folder.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "blindbook/protocol/epoch.h"
#include "blindbook/protocol/patching.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/file_lock.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

constexpr std::string_view kConfigLocked = "config.locked";
// Writing config.json takes an fsync; who starts two workers at once has both write it.
constexpr auto kConfigWait = std::chrono::milliseconds(20);
constexpr unsigned kConfigWaits = 50;

Result<FileLock> lock_for_config(const fs::path& folder) {
  return FileLock::acquire_folder(folder, kConfigLocked,
                                  "another run is writing " + (folder / "config.json").string());
}

/// In the key store. No id of an epoch, so that it stands for no epoch.
std::string index_name(const EpochId& epoch) {
  return epoch.hex().append("-index");
}

}  // namespace

OperatorFolder::OperatorFolder(fs::path folder, Config config, const oprf::Suite& suite,
                               PassphraseSource passphrase, const protocol::ScryptCost& cost)
    : folder_(std::move(folder)),
      config_(std::move(config)),
      suite_(&suite),
      keys_(std::make_unique<KeyStore>(KeyStore::Options{.keys = folder_ / "keys",
                                                         .slots = folder_ / config_.slot_folder,
                                                         .passphrase = std::move(passphrase),
                                                         .cost = cost})) {}

Result<void> OperatorFolder::restore_public_folder() const {
  if (Result<void> made = create_folder(public_folder() / "directory", FileAccess::kEveryone); !made) {
    return made;
  }
  const fs::path file = public_folder() / "operator.pub";
  remove_leftovers(file);
  return is_there(file) ? Result<void>()
                        : write_file_atomically(file, bytes_of(protocol::encode_operator_file(config_.root)),
                                                FileAccess::kEveryone);
}

Result<OperatorFolder> OperatorFolder::open(const fs::path& folder, PassphraseSource passphrase) {
  if (!is_there(folder / "config.json")) {
    return bad_input("folder.missing", folder.string() + " is not an operator's folder",
                     "create one with: blindbook init");
  }
  Result<Bytes> text = read_file(folder / "config.json", kMaxConfigBytes);
  if (!text) {
    return failed(text);
  }
  Result<Config> config = parse_config(text_of(*text));
  if (!config) {
    return failed(config);
  }
  const oprf::Suite* suite = oprf::find_suite(config->suite);
  if (suite == nullptr) {
    return bad_input("folder.suite", "this build does not have the suite of " + folder.string());
  }
  return OperatorFolder(folder, std::move(*config), *suite, std::move(passphrase), protocol::ScryptCost());
}

Result<void> OperatorFolder::save_config(Config config) {
  // On the folder: the lock of publications is held for minutes, while `serve` may start.
  Result<FileLock> lock = lock_for_config(folder_);
  for (unsigned waited = 0; !lock && lock.error().rule == kConfigLocked && waited < kConfigWaits; ++waited) {
    std::this_thread::sleep_for(kConfigWait);
    lock = lock_for_config(folder_);
  }
  if (!lock) {
    if (lock.error().rule == kConfigLocked) {  // it passes by itself, so whoever restarts a service may do so
      return unavailable(kConfigLocked, std::move(lock.error().message), "it takes a moment: try again");
    }
    return failed(lock);
  }
  remove_leftovers(folder_ / "config.json");
  return write_config_file(std::move(config));
}

Result<void> OperatorFolder::write_config_file(Config config) {
  if (Result<void> written = write_file_atomically(folder_ / "config.json", bytes_of(write_config(config)),
                                                   FileAccess::kOwnerOnly);
      !written) {
    return written;
  }
  config_ = std::move(config);
  return {};
}

Result<EpochId> OperatorFolder::create_epoch(UnixTime not_before, UnixTime not_after, RandomSource& random) {
  Result<oprf::KeyPair> key = protocol::make_epoch_key(*suite_, config_.operator_name, not_before, random);
  if (!key) {
    return failed(key);
  }
  const EpochId id = protocol::epoch_id(config_.operator_name, key->public_key, not_before, not_after);
  const SecretBytes secret = protocol::encode_epoch_secret(key->secret, not_before, not_after);
  if (Result<void> stored =
          keys_->store(id.hex(), protocol::KeyKind::kEpoch, config_.key_protection, secret.expose(), random);
      !stored) {
    return failed(stored);
  }
  if (Result<void> indexed = create_index(id, random); !indexed) {
    return failed(indexed);
  }
  return id;
}

Result<std::optional<PublishIndex>> OperatorFolder::load_index(const EpochId& epoch) {
  const std::string name = index_name(epoch);
  if (!keys_->contains(name)) {
    return std::optional<PublishIndex>();
  }
  Result<SecretBytes> key = keys_->load(name, protocol::KeyKind::kIndex);
  if (!key) {
    return failed(key);
  }
  if (key->size() != Secret<32>::kSize) {
    return bad_input("key.format", name + ".key does not hold an index key");
  }
  return std::optional<PublishIndex>(PublishIndex(Secret<32>(key->expose().first<32>())));
}

Result<void> OperatorFolder::create_index(const EpochId& epoch, RandomSource& random) {
  const std::string name = index_name(epoch);
  if (!keys_->contains(name)) {
    // A slot without its key is what a killed run left: the key that it was to guard never came to be.
    if (Result<void> cleared = keys_->destroy(name); !cleared) {
      return cleared;
    }
  }
  Secret<32> key;
  random.fill(key.expose_mutable());
  return keys_->store(name, protocol::KeyKind::kIndex, config_.key_protection, key.expose(), random);
}

Result<EpochId> OperatorFolder::open_epoch(UnixTime now, RandomSource& random) {
  return create_epoch(now, UnixTime(now.value() + protocol::kEpochLength + protocol::kEpochOverlap), random);
}

Result<std::vector<EpochId>> OperatorFolder::epochs() const {
  std::vector<EpochId> ids;
  std::error_code error;
  for (fs::directory_iterator at(folder_ / "keys", error), end; !error && at != end; at.increment(error)) {
    const std::optional<Bytes> id = from_hex(at->path().stem().string());
    if (at->path().extension() == ".key" && id && id->size() == EpochId::kSize) {
      ids.emplace_back(ByteView(*id).first<EpochId::kSize>());
    }
  }
  if (error) {
    return unavailable("file.read", "cannot list " + (folder_ / "keys").string() + ": " + error.message());
  }
  return ids;
}

Result<std::vector<protocol::EpochKey>> OperatorFolder::load_epoch_keys(UnixTime now) {
  Result<std::vector<EpochId>> ids = epochs();
  if (!ids) {
    return failed(ids);
  }
  std::vector<protocol::EpochKey> keys;
  for (const EpochId& id : *ids) {
    Result<protocol::EpochKey> key = load_epoch_key(id);
    if (!key) {
      if (!keys_->contains(id.hex())) {
        continue;  // another program has just destroyed it
      }
      return failed(key);
    }
    if (now <= key->not_after) {
      keys.push_back(std::move(*key));
    }
  }
  std::sort(keys.begin(), keys.end(),
            [](const auto& a, const auto& b) { return a.not_before < b.not_before; });
  return keys;
}

Result<protocol::EpochKey> OperatorFolder::load_epoch_key(const EpochId& epoch) {
  Result<SecretBytes> secret = keys_->load(epoch.hex(), protocol::KeyKind::kEpoch);
  if (!secret) {
    return failed(secret);
  }
  const std::optional<protocol::EpochSecret> parts = protocol::parse_epoch_secret(secret->expose());
  if (!parts) {
    return bad_input("folder.epoch-key", "the key file of epoch " + epoch.hex() + " has an unknown form");
  }
  Result<oprf::KeyPair> pair = parts->suite->decode_secret_key(parts->scalar);
  if (!pair) {
    return failed(pair);
  }
  if (protocol::epoch_id(config_.operator_name, pair->public_key, parts->not_before, parts->not_after) !=
      epoch) {
    return bad_input("folder.epoch-key", "the key file of epoch " + epoch.hex() + " belongs to another epoch",
                     "was the operator renamed in config.json?");
  }
  return protocol::EpochKey{epoch, parts->not_before, parts->not_after, std::move(*pair)};
}

Result<void> OperatorFolder::destroy_epoch(const EpochId& epoch) {
  // An epoch is found again by its own key: that goes last, so that a crash leaves no other behind, and also where the
  // other cannot be destroyed.
  const Result<void> index_destroyed = keys_->destroy(index_name(epoch));
  if (Result<void> destroyed = keys_->destroy(epoch.hex()); !destroyed) {
    return destroyed;
  }
  if (!index_destroyed) {
    return index_destroyed;
  }
  for (const fs::path& folder : {cache_folder(epoch), erased_path(epoch), labels_folder() / epoch.hex(),
                                 directory_folder(epoch), patch_folder(epoch)}) {
    std::error_code error;
    fs::remove_all(folder, error);
    if (error) {
      return unavailable("file.remove", "cannot remove " + folder.string() + ": " + error.message());
    }
  }
  return {};
}

Result<protocol::Ed25519SecretKey> OperatorFolder::load_announcement_key() {
  Result<protocol::Ed25519SecretKey> key =
      load_signing_key(kAnnouncementKey, protocol::KeyKind::kAnnouncement);
  if (!key && key.error().rule == "key.slot") {
    key.error().hint =
        "mount the slot folder; if it is lost, make another key first: blindbook key revoke --root-key FILE";
  }
  return key;
}

Result<protocol::Ed25519SecretKey> OperatorFolder::load_token_key() {
  return load_signing_key(kTokenKey, protocol::KeyKind::kToken);
}

Result<protocol::Ed25519SecretKey> OperatorFolder::load_root_key() {
  return load_signing_key(kRootKey, protocol::KeyKind::kRoot);
}

Result<protocol::Ed25519SecretKey> OperatorFolder::load_signing_key(std::string_view name,
                                                                    protocol::KeyKind kind) {
  Result<SecretBytes> seed = keys_->load(name, kind);
  if (!seed) {
    return failed(seed);
  }
  if (seed->size() != Secret<32>::kSize) {
    return bad_input("key.format", std::string(name).append(".key does not hold an Ed25519 key"));
  }
  return protocol::Ed25519SecretKey(Secret<32>(seed->expose().first<32>()));
}

Result<std::optional<protocol::OpenedAnnouncement>> OperatorFolder::announcement() const {
  if (!is_there(announcement_path())) {
    return std::optional<protocol::OpenedAnnouncement>();
  }
  Result<Bytes> object = read_file(announcement_path(), protocol::kMaxAnnouncementBytes);
  if (!object) {
    return failed(object);
  }
  Result<protocol::OpenedAnnouncement> opened = protocol::open_announcement(*object, config_.root);
  if (!opened) {
    return failed(opened);
  }
  return std::optional(std::move(*opened));
}

Result<std::vector<std::uint64_t>> OperatorFolder::logged() const {
  std::vector<std::uint64_t> out;
  std::error_code error;
  for (fs::directory_iterator at(folder_ / "log", error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().stem().string();
    std::uint64_t seq = 0;
    const auto [rest, wrong] = std::from_chars(name.data(), name.data() + name.size(), seq);
    if (wrong == std::errc() && at->path() == log_path(seq)) {
      out.push_back(seq);
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return unavailable("file.read", "cannot list " + (folder_ / "log").string() + ": " + error.message());
  }
  std::ranges::sort(out);
  return out;
}

Result<std::optional<protocol::OpenedAnnouncement>> OperatorFolder::last_logged() const {
  const Result<std::vector<std::uint64_t>> seqs = logged();
  if (!seqs) {
    return tl::unexpected<Error>(seqs.error());
  }
  const std::uint64_t last = seqs->empty() ? 0 : seqs->back();
  if (last == 0) {
    return std::optional<protocol::OpenedAnnouncement>();
  }
  Result<Bytes> object = read_file(log_path(last), protocol::kMaxAnnouncementBytes);
  if (!object) {
    return failed(object);
  }
  Result<protocol::OpenedAnnouncement> opened = protocol::open_announcement(*object, config_.root);
  if (!opened || opened->announcement.seq != last) {
    return bad_input("folder.log", log_path(last).string() + " is not the announcement of that number",
                     "copy public/announcement.bba there if that is what was published last");
  }
  return std::optional(std::move(*opened));
}

fs::path OperatorFolder::directory_folder(const EpochId& epoch) const {
  return public_folder() / "directory" / epoch.hex();
}

fs::path OperatorFolder::directory_path(const EpochId& epoch, Edition edition) const {
  return directory_folder(epoch) / std::to_string(edition.value()).append(".bbd");
}

fs::path OperatorFolder::patch_folder(const EpochId& epoch) const {
  return public_folder() / "patch" / epoch.hex();
}

fs::path OperatorFolder::patch_path(const EpochId& epoch, Edition from, Edition to) const {
  return public_folder() / "patch" / protocol::patch_name(epoch, from, to).append(".bbp");
}

fs::path OperatorFolder::cache_folder(const EpochId& epoch) const {
  return folder_ / "cache" / epoch.hex();
}

fs::path OperatorFolder::cache_path(const EpochId& epoch, Edition edition) const {
  return cache_folder(epoch) / std::to_string(edition.value()).append(".bbc");
}

fs::path OperatorFolder::erased_path(const EpochId& epoch) const {
  return folder_ / "erased" / epoch.hex().append(".bbr");
}

fs::path OperatorFolder::log_path(std::uint64_t seq) const {
  return folder_ / "log" / std::to_string(seq).append(".bba");
}

}  // namespace blindbook::service
