#pragma once

#include <optional>
#include <string_view>

#include "blindbook/base/types.h"

namespace blindbook::cli {

/// The suites of protocol v1, as words to choose from: of those that this build lacks, bytes are known all the same.
inline constexpr std::string_view kSuiteChoice = "ristretto255-sha512|p256-sha256";
/// One of these words; nothing for any other.
[[nodiscard]] std::optional<SuiteId> suite_by_name(std::string_view name);
[[nodiscard]] std::string_view name_of(SuiteId suite);

}  // namespace blindbook::cli
