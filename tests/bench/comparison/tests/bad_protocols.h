#pragma once

#include <string_view>

#include "tests/bench/baselines/protocol.h"

namespace blindbook::bench {

/// Protocols that go wrong, each as its name says, for bench-test-party: "service-dies", "client-dies", "setup-fails",
/// "client-fails", "both-wait", "service-waits", "client-stops-early", "beyond-the-contacts"; and "misses", which is wrong and
/// no more. Null: no such protocol.
[[nodiscard]] const Protocol* find_bad_protocol(std::string_view name);

}  // namespace blindbook::bench
