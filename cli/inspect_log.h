#pragma once

#include <filesystem>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"

#include "cli/common/facts.h"
#include "cli/inspect_signed.h"

namespace blindbook::cli {

/// What a log of announcements holds (hashes.bbl of an operator, or log.bbl that a service shows): numbers, heads, and
/// whether each body <seq>.bba in `folder` is the one of its place; with `root` also whether it is signed. BadInput
/// "log.body" names the first that is not.
[[nodiscard]] Result<Facts> inspect_log(ByteView file, const std::filesystem::path& folder,
                                        const RootKey& root);

}  // namespace blindbook::cli
