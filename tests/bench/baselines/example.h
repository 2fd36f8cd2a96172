#pragma once

#include "tests/bench/baselines/protocol.h"

namespace blindbook::bench {

/// The protocol that docs/research.md adds as an example. Not among protocols().
[[nodiscard]] Protocol example_protocol();

}  // namespace blindbook::bench
