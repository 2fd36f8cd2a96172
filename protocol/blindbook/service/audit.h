#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/service/audit_trail.h"

/// The audit trail of an operator's folder, OperatorFolder::audit_path(). Every command that changes what is served, who
/// can be found, or what is charged appends one line before it does so: an entry whose act a crash prevented can be
/// explained, an act without an entry cannot. When the entry cannot be written, the command ends and nothing is changed.
namespace blindbook::service {

/// Appends the entry that this process, at `now`, is about to take effect as `command`, with `counts`, and returns when
/// it survives a loss of power. Makes the file (0600) if there is none, waits for other processes that append, and takes
/// nothing away that stands in it, whatever that is. Neither `command` nor the counts may hold a number, account or label.
/// Unavailable "file.lock" and "file.write".
///
///     if (Result<void> noted = append_audit(folder.audit_path(), now, "erase", {{"numbers", 1}}); !noted) {
///       return failed(noted);
///     }
[[nodiscard]] Result<void> append_audit(const std::filesystem::path& trail, UnixTime now,
                                        std::string_view command, const AuditCounts& counts = {});

/// The whole file while nobody appends to it; empty where there is none. Errors of read_file(); Unavailable "file.lock".
[[nodiscard]] Result<Bytes> read_audit_trail(const std::filesystem::path& trail);

/// The last entry of `command`; nothing where there is none, or no file. Errors of MappedFile::open() but "file.open".
[[nodiscard]] Result<std::optional<AuditEntry>> last_audit_entry(const std::filesystem::path& trail,
                                                                 std::string_view command);

/// The same for the last entry that counts `name`, whatever its command: how many.
[[nodiscard]] Result<std::optional<std::uint64_t>> last_audit_count(const std::filesystem::path& trail,
                                                                    std::string_view name);

}  // namespace blindbook::service
