#pragma once

#include <string_view>
#include <vector>

#include "tests/bench/baselines/protocol.h"

namespace blindbook::bench {

/// Before the name of a kernel it makes the name of a protocol: the parties then run with that kernel.
inline constexpr std::string_view kBlindbookPrefix = "blindbook-";

/// blindbook itself, once for each kernel that this machine runs, the fastest first.
[[nodiscard]] std::vector<Protocol> blindbook_protocols();

}  // namespace blindbook::bench
