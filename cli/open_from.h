#pragma once

#include <string_view>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/identifier.h"

#include "cli/common/arguments.h"

namespace blindbook::cli {

/// The numbers that --open-from names, one a line as people write them, under --region; none without it. They come from a
/// file or standard input and never from the command line, which others on this machine can read. BadInput
/// "usage.open-from" (beside --contacts -, a line that is no number, more than 256 of them), "token.scope"
/// when `token` says that it is not for labels; errors of read_input().
[[nodiscard]] Result<std::vector<Identifier>> read_open_from(const Arguments& arguments,
                                                             std::string_view token);

}  // namespace blindbook::cli
