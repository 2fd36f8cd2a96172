#pragma once

#include <filesystem>
#include <string_view>

#include "cli/inspect_signed.h"

namespace blindbook::cli {

/// What `blindbook inspect` says about a backup.json, and about what it leads to in `folder`, where it lies. Errors of
/// parse_manifest() and inspect_announcement().
[[nodiscard]] Result<Facts> inspect_backup(std::string_view text, const std::filesystem::path& folder,
                                           const RootKey& root);

}  // namespace blindbook::cli
