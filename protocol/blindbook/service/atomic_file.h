#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/secret.h"

namespace blindbook::service {

/// Who may read a file that this program writes.
enum class FileAccess {
  kOwnerOnly,  ///< 0600
  kEveryone,   ///< 0644
};

/// Replaces `path` by `content` so that a reader, and a crash at any moment, sees the old file or the new
/// one, never a mixture: a temporary file beside it, fsync, rename, fsync of the folder. When it returns, the
/// content survives a loss of power. Unavailable "file.write" when something else than a file stands there, or the file system refuses; the old file then
/// stands, or the new one when no more than its durability was refused.
[[nodiscard]] Result<void> write_file_atomically(const std::filesystem::path& path, ByteView content,
                                                 FileAccess access);

/// write_file_atomically() for what comes piece by piece, because the whole would not be held in memory. Nothing stands at
/// `path` before finish(); an object that goes without it leaves nothing behind.
class AtomicFile {
 public:
  /// Unavailable "file.write".
  [[nodiscard]] static Result<AtomicFile> create(const std::filesystem::path& path);
  AtomicFile(AtomicFile&&) noexcept;
  AtomicFile& operator=(AtomicFile&&) noexcept;
  ~AtomicFile();

  /// Unavailable "file.write".
  [[nodiscard]] Result<void> append(ByteView bytes);
  /// Makes all of it durable under its name. Unavailable "file.write".
  [[nodiscard]] Result<void> finish(FileAccess access) &&;

 private:
  struct Growing;
  explicit AtomicFile(std::unique_ptr<Growing> growing) noexcept;

  std::unique_ptr<Growing> growing_;
};

/// As write_file_atomically(), for a file that must not be there yet: never replaces one, whatever happens at
/// the same time. False, and nothing is written, when something stands at `path` already. Where the file
/// system can, the content has no name before it is whole, so that no crash leaves a part of it. Unavailable
/// "file.write", and nothing stands there.
[[nodiscard]] Result<bool> write_new_file(const std::filesystem::path& path, ByteView content,
                                          FileAccess access);

/// Unlinks what writes of `path` left beside it when they were killed. To be called by who alone may write
/// `path` now. Best effort: what cannot be unlinked stays until the next call.
void remove_leftovers(const std::filesystem::path& path);
/// The same for every path in `folder` whose name begins and ends with these.
void remove_leftovers_in(const std::filesystem::path& folder, std::string_view begin, std::string_view end);

/// Unlinks what stands in `folder` and is none of `kept`, as far as that can be done; a folder that is not there is no
/// matter.
void remove_all_but(const std::filesystem::path& folder, const std::vector<std::filesystem::path>& kept);

/// The whole of `path`. BadInput "file.open" when it cannot be opened, "file.size" when it is no regular file
/// or longer than `max_bytes`; Unavailable "file.read" when reading fails.
[[nodiscard]] Result<Bytes> read_file(const std::filesystem::path& path, std::size_t max_bytes);

/// Who else than its owner may be allowed to read a file with a secret.
enum class OthersMay {
  kNothing,        ///< No bit of group or others is set.
  kShowAclAsGroup  ///< Bits of the group may be set: systemd grants a service its credentials by an ACL,
                   ///< whose mask stat() shows in their place; TLS keys are shared by a group on Debian.
};

/// As read_file(), for secrets. BadInput "file.access" when somebody else may read or write the file, with
/// the command that repairs it as the hint. No copy is left behind in memory.
[[nodiscard]] Result<SecretBytes> read_secret_file(const std::filesystem::path& path, std::size_t max_bytes,
                                                   OthersMay others = OthersMay::kNothing);

/// Unlinks `path` and makes that durable. A file that is not there is no error. Unavailable "file.remove".
[[nodiscard]] Result<void> remove_file(const std::filesystem::path& path);

/// Creates `path`, and what is missing above it, with mode 0700 (kOwnerOnly) or 0755. A folder that exists
/// keeps its mode. Unavailable "file.folder".
[[nodiscard]] Result<void> create_folder(const std::filesystem::path& path, FileAccess access);

}  // namespace blindbook::service
