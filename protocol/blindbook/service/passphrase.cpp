#include "blindbook/service/passphrase.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "blindbook/service/atomic_file.h"
#include "blindbook/service/memory_protection.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

/// Room for a line end and for lines behind the first.
constexpr std::size_t kMaxFileBytes = 4 * kMaxPassphraseBytes;

Result<SecretBytes> first_line_of(const fs::path& path, OthersMay others) {
  Result<SecretBytes> content = read_secret_file(path, kMaxFileBytes, others);
  if (!content) {
    return failed(content);
  }
  const ByteView bytes = content->expose();
  ByteView line =
      bytes.first(static_cast<std::size_t>(std::find(bytes.begin(), bytes.end(), '\n') - bytes.begin()));
  if (!line.empty() && line.back() == '\r') {
    line = line.first(line.size() - 1);
  }
  if (line.empty()) {
    return bad_input("passphrase.empty", "the first line of " + path.string() + " is empty");
  }
  if (line.size() > kMaxPassphraseBytes) {
    return bad_input("passphrase.length",
                     "the first line of " + path.string() + " is longer than 1024 bytes");
  }
  return SecretBytes(line);
}

}  // namespace

Result<SecretBytes> read_passphrase_file(const fs::path& path) {
  return first_line_of(path, OthersMay::kNothing);
}

PassphraseSource choose_passphrase_source(const std::optional<fs::path>& file, PassphraseSource ask) {
  if (file) {
    return [path = *file] { return read_passphrase_file(path); };
  }
  if (const char* folder = std::getenv("CREDENTIALS_DIRECTORY"); folder != nullptr) {
    fs::path credential = fs::path(folder) / "passphrase";
    std::error_code ignored;
    if (fs::exists(credential, ignored)) {
      return [path = std::move(credential)] { return first_line_of(path, OthersMay::kShowAclAsGroup); };
    }
  }
  if (ask) {
    return ask;
  }
  return []() -> Result<SecretBytes> {
    return bad_input("passphrase.missing", "the keys are sealed and there is no passphrase",
                     "give --passphrase-file");
  };
}

PassphraseSource remembered(PassphraseSource source) {
  struct Memory {
    std::mutex mutex;
    std::optional<SecretBytes> passphrase;
  };
  return [source = std::move(source), memory = std::make_shared<Memory>()]() -> Result<SecretBytes> {
    const std::scoped_lock lock(memory->mutex);
    if (!memory->passphrase) {
      Result<SecretBytes> given = source();
      if (!given) {
        return given;
      }
      memory->passphrase.emplace(given->expose());
      lock_in_memory(memory->passphrase->expose());
    }
    return SecretBytes(memory->passphrase->expose());
  };
}

}  // namespace blindbook::service
