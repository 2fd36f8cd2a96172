#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "blindbook/model/client_life.h"
#include "blindbook/model/exact.h"

/// How long a run takes on a network, by arithmetic: round trips times latency, and bytes over bandwidth.
namespace blindbook::model {

/// One row of network_presets.csv. Presets are there to compare with, not to promise: each network is another.
struct NetworkPreset {
  std::string_view name;
  std::uint64_t down_kbit_s;    ///< 1,000 bits a second
  std::uint64_t up_kbit_s;      ///< the same, from the client
  std::uint64_t round_trip_ms;  ///< until the answer to the smallest message begins
  std::string_view source;
};

/// All of them, in the order of the file.
[[nodiscard]] std::span<const NetworkPreset> network_presets();
/// That of this name, exactly; null when there is none.
[[nodiscard]] const NetworkPreset* find_network(std::string_view name);

/// Round trips of `moved`: one a request, and two a connection, for TCP and for TLS 1.3.
[[nodiscard]] std::uint64_t round_trips(const Moved& moved);

/// Seconds for which `moved` keeps that network busy, one request after the other: round_trips() x latency + bytes sent /
/// bandwidth up + bytes received / bandwidth down. Exact, of a network that is at its full speed at once.
[[nodiscard]] Rational network_seconds(const NetworkPreset& network, const Moved& moved);

}  // namespace blindbook::model
