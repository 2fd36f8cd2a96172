#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "blindbook/base/types.h"

/// The text of an audit trail (docs/spec/audit.md): one JSON object a line, each naming the SHA-256 of the one before it.
/// Bytes in, bytes out; audit.h keeps the file.
namespace blindbook::service {

/// How many of what; never which.
using AuditCounts = std::map<std::string, std::uint64_t, std::less<>>;

/// What a write that was cut off left behind the entry before: bytes that are no entry.
struct AuditRemains {
  std::uint64_t bytes = 0;
  Digest sha256;
  friend bool operator==(const AuditRemains&, const AuditRemains&) = default;
};

struct AuditEntry {
  std::uint64_t seq = 0;  ///< from 1
  UnixTime at;
  std::uint32_t uid = 0;  ///< whom the process ran as
  std::string user;       ///< that user's name; empty when there is none
  /// Who logged in, whatever became of the uid since; nothing where the kernel does not know.
  std::optional<std::uint32_t> login_uid;
  std::string command;  ///< such as "publish" or "key renew"
  AuditCounts counts;
  Digest previous;  ///< audit_head() of the entry before; zeros in the first
  std::optional<AuditRemains> remains;
};

/// One line, without its end. Names of users that are not UTF-8 come out with replacement characters.
[[nodiscard]] std::string write_audit_entry(const AuditEntry& entry);

/// Nothing unless `line` is exactly what write_audit_entry() gives, and at most 4,096 bytes.
[[nodiscard]] std::optional<AuditEntry> parse_audit_entry(std::string_view line);

/// SHA-256(domain::kAudit || line): what the next entry names, and what an auditor may note down elsewhere.
[[nodiscard]] Digest audit_head(std::string_view line);

/// True for a text one of whose lines begins as an entry does.
[[nodiscard]] bool claims_to_be_audit_trail(std::string_view text);

/// The end of a trail, to which the next entry is joined.
struct AuditEnd {
  std::uint64_t seq = 0;  ///< 0: no entry
  Digest head;            ///< zeros: no entry
  std::size_t whole = 0;  ///< bytes up to the end of the last entry's line; what is behind them is no entry
};

/// Looks from the end of `text` back to the last entry, and at nothing before it.
[[nodiscard]] AuditEnd end_of_audit_trail(std::string_view text);

/// What a trail holds, and whether it holds together.
struct AuditTrail {
  struct OfCommand {
    std::uint64_t times = 0;
    UnixTime last;
  };
  struct Break {
    std::size_t line;        ///< from 1
    std::string_view fault;  ///< a clause for a person
  };
  std::uint64_t entries = 0;
  std::optional<AuditEntry> first;
  std::optional<AuditEntry> last;
  Digest head;  ///< of the last entry
  std::map<std::string, OfCommand> commands;
  std::uint64_t cut_off = 0;         ///< writes that a crash cut off, and that the entry behind them names
  std::uint64_t bytes_behind = 0;    ///< behind the last entry: a write cut off, or somebody's hand
  std::optional<Break> broken = {};  ///< the first place where it does not hold together
};

/// Checks every line of `text`.
[[nodiscard]] AuditTrail examine_audit_trail(std::string_view text);

}  // namespace blindbook::service
