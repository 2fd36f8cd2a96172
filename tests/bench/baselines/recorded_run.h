#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/random.h"

#include "tests/bench/baselines/protocol.h"

/// One run of a protocol within this process, and all that passed between the parties: what a service, or whoever reads
/// its memory, has afterwards.
namespace blindbook::bench {

struct Transcript {
  std::vector<Bytes> from_client;
  std::vector<Bytes> from_service;
};

struct RecordedRun {
  Transcript transcript;
  std::vector<std::size_t> matches;  ///< positions in the contacts, ascending
};

/// Service and client each in a thread of its own. `random` is the client's. Throws what a party threw; the client's where
/// both did and it did not merely find the other gone.
[[nodiscard]] RecordedRun run_recorded(const Protocol& protocol, Service& service,
                                       std::span<const std::string> contacts, RandomSource& random);

}  // namespace blindbook::bench
