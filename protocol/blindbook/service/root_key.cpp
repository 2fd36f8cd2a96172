#include "blindbook/service/root_key.h"

#include "blindbook/protocol/operator_identity.h"
#include "blindbook/protocol/sealed_file.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/memory_protection.h"

namespace blindbook::service {
namespace {

constexpr std::size_t kSeedBytes = Secret<32>::kSize;
constexpr const char* kWhichFile = "give the file that blindbook init wrote to --root-key-out";

Result<void> check_root(const protocol::Ed25519SecretKey& key, const protocol::Ed25519PublicKey& root,
                        const std::string& where) {
  if (key.public_key() != root) {
    return bad_input("key.root",
                     where + " is the root key of operator " +
                         protocol::fingerprint_of(key.public_key()).hex() + ", not of this one",
                     "give the root key of operator " + protocol::fingerprint_of(root).hex() +
                         ": no other can vouch for it");
  }
  return {};
}

}  // namespace

Result<protocol::Ed25519SecretKey> read_root_key(const std::filesystem::path& file,
                                                 const protocol::Ed25519PublicKey& root) {
  Result<SecretBytes> bytes = read_secret_file(file, protocol::kMaxKeyFileBytes);
  if (!bytes) {
    if (bytes.error().hint.empty()) {
      bytes.error().hint = kWhichFile;
    }
    return failed(bytes);
  }
  const Result<protocol::KeyFileHeader> header = protocol::parse_key_file_header(bytes->expose());
  if (!header) {
    return bad_input("key.format", file.string() + " is not a key file", kWhichFile);
  }
  if (header->kind != protocol::KeyKind::kRoot) {
    return bad_input("key.kind", file.string() + " holds a key for something else", kWhichFile);
  }
  if (header->protection != protocol::KeyProtection::kNone) {
    return bad_input("key.sealed", file.string() + " is sealed, and opens only in its folder",
                     "leave out --root-key where the root key lies in the operator's folder");
  }
  const ByteView seed = bytes->expose().subspan(protocol::kKeyFileHeaderBytes);
  if (seed.size() != kSeedBytes) {
    return bad_input("key.format", file.string() + " does not hold an Ed25519 key");
  }
  lock_in_memory(seed);
  protocol::Ed25519SecretKey key(Secret<32>(seed.first<kSeedBytes>()));
  if (Result<void> checked = check_root(key, root, file.string()); !checked) {
    return failed(checked);
  }
  return key;
}

Result<protocol::Ed25519SecretKey> find_root_key(OperatorFolder& folder,
                                                 const std::optional<std::filesystem::path>& file) {
  if (file) {
    return read_root_key(*file, folder.config().root);
  }
  if (!folder.holds_root_key()) {
    return bad_input("key.root", "the root key is not in " + folder.path().string(),
                     "give --root-key FILE: what blindbook init wrote to --root-key-out");
  }
  Result<protocol::Ed25519SecretKey> key = folder.load_root_key();
  if (key) {
    if (Result<void> checked =
            check_root(*key, folder.config().root, (folder.path() / "keys/root.key").string());
        !checked) {
      return failed(checked);
    }
  }
  return key;
}

}  // namespace blindbook::service
