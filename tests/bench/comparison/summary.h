#pragma once

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tests/bench/comparison/grid.h"
#include "tests/bench/comparison/results.h"

namespace blindbook::bench {

/// Of several rounds.
struct Figure {
  double median = 0;
  double least = 0;
  double most = 0;
};
/// `values` is not empty. The median of an even number of them is between the two in the middle.
[[nodiscard]] Figure figure_of(std::vector<double> values);

/// All rounds of one place in the grid that count. What is counted in them is the same in each, or else the median.
struct Summary {
  std::string protocol;
  std::size_t subscribers = 0;
  std::size_t contacts = 0;
  std::size_t rounds = 0;
  Figure setup_cpu_seconds;
  Figure service_cpu_seconds;      ///< of the answer
  Figure client_cpu_seconds;       ///< of asking and matching
  Figure online_cpu_seconds;       ///< of both
  std::uint64_t online_bytes = 0;  ///< of both, without the download
  std::uint64_t sent_bytes = 0;    ///< of these, the client's
  std::uint64_t download_bytes = 0;
  std::uint64_t messages = 0;            ///< of both, without the download's
  std::uint64_t round_trips = 0;         ///< without the download's
  std::uint64_t service_peak_bytes = 0;  ///< the most of any round, while it answered
  std::uint64_t client_peak_bytes = 0;   ///< the most of any round
  std::map<std::string, double>
      network_seconds;            ///< by the name of the network; see network_seconds() of the model
  std::size_t missed = 0;         ///< in all rounds
  std::size_t false_matches = 0;  ///< in all rounds
};

/// In the order of the grid: subscribers, contacts, protocols. What has no round that counts is not among them.
[[nodiscard]] std::vector<Summary> summarise(const Grid& grid, const std::vector<Setup>& setups,
                                             const std::vector<Run>& runs);

[[nodiscard]] nlohmann::ordered_json json_of(const Summary& summary);

/// The networks that summaries name, as they stand in a result.
[[nodiscard]] nlohmann::ordered_json networks_json();

}  // namespace blindbook::bench
