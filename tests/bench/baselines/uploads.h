#pragma once

#include <vector>

#include "tests/bench/baselines/protocol.h"

namespace blindbook::bench {

/// What messengers did, and some do: the address book in the clear, and under SHA-256.
[[nodiscard]] std::vector<Protocol> upload_protocols();

}  // namespace blindbook::bench
