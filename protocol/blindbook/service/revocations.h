#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/token.h"

/// Access tokens that are refused although their signature is good: a telephone was stolen, an account was taken over. The file
/// revoked.json of an operator's folder (docs/spec/token.md) has them.
namespace blindbook::service {

/// Every token of (issuer, account) with an `iat` up to `issued_until`.
struct Revocation {
  std::string issuer;
  std::string account;
  UnixTime issued_until;
  friend bool operator==(const Revocation&, const Revocation&) = default;
};

/// What stands in `file`; nothing where there is none. BadInput "revoked.format"; errors of read_file().
[[nodiscard]] Result<std::vector<Revocation>> read_revocations(const std::filesystem::path& file);

/// Adds to `file` (0600, durable) that tokens of (issuer, account) issued until `now` are refused, and until a minute later, as an
/// issuer's clock may be so far ahead; and drops entries whose tokens have all expired. How many there are now. BadInput
/// "revoked.locked" (another run writes it), "token.account", and those of read_revocations(); Unavailable "file.write".
[[nodiscard]] Result<std::size_t> revoke(const std::filesystem::path& file, const std::string& issuer,
                                         const std::string& account, UnixTime now);

/// The list as a running service holds it. Thread-safe.
class RevocationList {
 public:
  /// Errors of read_revocations().
  [[nodiscard]] static Result<std::unique_ptr<RevocationList>> open(std::filesystem::path file);

  [[nodiscard]] bool revokes(const protocol::Access& access) const;

  /// Reads the file again when it was replaced; to be called every second or so. True when it was. On an error the list stays
  /// as it was, and the same file is not read again.
  [[nodiscard]] Result<bool> refresh();

 private:
  using Account = std::pair<std::string, std::string>;
  /// What tells one file from the one that replaced it.
  struct Stamp {
    std::uint64_t inode = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };

  explicit RevocationList(std::filesystem::path file) : file_(std::move(file)) {}
  [[nodiscard]] std::optional<Stamp> stamp() const;

  const std::filesystem::path file_;
  mutable std::mutex mutex_;  // guards both
  std::optional<Stamp> stamp_;
  std::map<Account, UnixTime> until_;
};

}  // namespace blindbook::service
