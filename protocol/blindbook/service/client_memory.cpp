#include "blindbook/service/client_memory.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

#include "blindbook/service/atomic_file.h"
#include "blindbook/service/partial_file.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxStateBytes = std::size_t{64} << 20;
constexpr std::size_t kKeyBytes = 32;
constexpr std::string_view kEvidenceBegin = "evidence-";
constexpr std::string_view kEvidenceEnd = ".bbe";

Secret<32> fresh_key(RandomSource& random) {
  Secret<32> key;
  random.fill(key.expose_mutable());
  return key;
}

Result<Secret<32>> read_key(const fs::path& file) {
  auto bytes = read_secret_file(file, kKeyBytes);
  if (!bytes) {
    return failed(bytes);
  }
  if (bytes->size() != kKeyBytes) {
    return bad_input("state.key", "state.key does not hold 32 bytes");
  }
  return Secret<32>(bytes->expose().first<kKeyBytes>());
}

}  // namespace

Result<fs::path> default_state_file(const protocol::RootFingerprint& root) {
  fs::path home;
  if (const char* state_home = std::getenv("XDG_STATE_HOME"); state_home != nullptr && *state_home == '/') {
    home = state_home;
  } else if (const char* user_home = std::getenv("HOME"); user_home != nullptr && *user_home != '\0') {
    home = fs::path(user_home) / ".local" / "state";
  } else {
    return bad_input("state.home", "neither XDG_STATE_HOME nor HOME says where state is kept",
                     "name a file with --state, or use --no-state");
  }
  return home / "blindbook" / root.hex() / "state";
}

Result<ClientMemory> ClientMemory::open(const fs::path& file, const protocol::RootFingerprint& root,
                                        RandomSource& random) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (auto made = create_folder(folder, FileAccess::kOwnerOnly); !made) {
    return failed(made);
  }
  auto lock = FileLock::acquire(folder / (file.filename().string() + ".lock"), "state.locked",
                                "another run is using the state " + file.string());
  if (!lock) {
    return failed(lock);
  }
  const fs::path key_file = folder / (file.filename().string() + ".key");
  remove_leftovers(file);
  remove_leftovers(key_file);
  remove_leftovers_in(folder, kEvidenceBegin, kEvidenceEnd);
  std::error_code ignored;
  const bool has_state = fs::exists(file, ignored);
  if (!fs::exists(key_file, ignored)) {
    if (has_state) {
      return bad_input("state.missing-key",
                       "the state " + file.string() + " has lost its key " + key_file.string(),
                       "move the state away to begin anew: what was evaluated will be charged again");
    }
    Secret<32> key = fresh_key(random);
    if (auto written = write_file_atomically(key_file, key.expose(), FileAccess::kOwnerOnly); !written) {
      return failed(written);
    }
    return ClientMemory(file, std::move(*lock), std::move(key), protocol::ClientState{.root = root});
  }
  auto key = read_key(key_file);
  if (!key) {
    return failed(key);
  }
  protocol::ClientState state{.root = root};
  if (has_state) {
    auto bytes = read_secret_file(file, kMaxStateBytes);
    if (!bytes) {
      return failed(bytes);
    }
    auto opened = protocol::open_state(bytes->expose(), *key);
    if (!opened) {
      opened.error().hint =
          "move " + file.string() + " away to begin anew: what was evaluated will be charged again";
      return failed(opened);
    }
    if (opened->root != root) {
      return bad_input("state.operator", "the state " + file.string() + " belongs to another operator",
                       "give each operator a state of its own");
    }
    state = std::move(*opened);
  }
  return ClientMemory(file, std::move(*lock), std::move(*key), std::move(state));
}

ClientMemory ClientMemory::of_this_run_only(RandomSource& random) {
  return ClientMemory(std::nullopt, std::nullopt, fresh_key(random), {});
}

Result<void> ClientMemory::save(RandomSource& random) {
  if (!file_) {
    return {};
  }
  return write_file_atomically(*file_, protocol::seal_state(state_, key_, random), FileAccess::kOwnerOnly);
}

Result<void> ClientMemory::remove_directories(std::span<const EpochId> epochs) const {
  for (const EpochId& epoch : epochs) {
    const auto file = directory_file(epoch);
    if (!file) {
      continue;
    }
    for (const fs::path& leftover : {*file, PartialFile::partial_name(*file)}) {
      if (auto removed = remove_file(leftover); !removed) {
        return removed;
      }
    }
  }
  return {};
}

std::optional<fs::path> ClientMemory::directory_file(const EpochId& epoch) const {
  if (!file_) {
    return std::nullopt;
  }
  return file_->parent_path() / (epoch.hex() + ".bbd");
}

Result<std::optional<fs::path>> ClientMemory::keep_evidence(ByteView evidence, UnixTime now) {
  if (!file_) {
    return std::nullopt;
  }
  const std::string name = std::string(kEvidenceBegin) + std::to_string(now.value());
  // What was kept before is never written over.
  for (std::uint64_t copy = 1;; ++copy) {
    const std::string number = copy == 1 ? "" : "-" + std::to_string(copy);
    fs::path path = file_->parent_path() / (name + number + std::string(kEvidenceEnd));
    const auto written = write_new_file(path, evidence, FileAccess::kOwnerOnly);
    if (!written) {
      return tl::unexpected<Error>(written.error());
    }
    if (*written) {
      return path;
    }
  }
}

}  // namespace blindbook::service
