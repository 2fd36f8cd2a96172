#pragma once

#include <string_view>

#include "blindbook/base/error.h"

#include "cli/common/facts.h"

namespace blindbook::cli {

/// What an audit trail holds: entries, commands, its head. BadInput "audit.chain" where it does not hold together, naming
/// the line.
[[nodiscard]] Result<Facts> inspect_audit_trail(std::string_view text);

}  // namespace blindbook::cli
