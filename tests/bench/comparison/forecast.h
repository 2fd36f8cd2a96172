#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "tests/bench/comparison/grid.h"
#include "tests/bench/comparison/parties.h"

/// What a grid will take, before it begins.
namespace blindbook::bench {

/// Bytes that may be taken without anything being swapped out: MemAvailable of /proc/meminfo.
[[nodiscard]] std::uint64_t available_memory();

/// The most memory that is in use at one time at that number of subscribers, in bytes: the services of all protocols, the list
/// that one of them is being set up from, all idle clients and the largest busy one.
[[nodiscard]] std::uint64_t memory_at(const Plan& plan, std::size_t subscribers);

/// Throws BadRequest when some number of subscribers takes more than `available` bytes.
void require_memory(const Plan& plan, std::uint64_t available);

/// Seconds by the clock, of protocols that were tried at small sizes and are taken to grow in a straight line.
class Forecast {
 public:
  /// Tries every protocol of the plan. Takes some seconds for the slowest. Throws as Parties.
  Forecast(const Keeping& keeping, const Plan& plan);

  [[nodiscard]] double setup_seconds(const std::string& protocol, std::size_t subscribers) const;
  [[nodiscard]] double run_seconds(const std::string& protocol, std::size_t subscribers,
                                   std::size_t contacts) const;

  /// All setups and rounds of the plan.
  [[nodiscard]] double total_seconds(const Plan& plan) const;

 private:
  struct Line {
    double setup = 0;
    double setup_each = 0;
    double run = 0;
    double run_each_contact = 0;
    double run_each_subscriber = 0;
  };
  static Line try_out(const Keeping& keeping, const std::string& protocol, std::uint64_t seed);

  std::map<std::string, Line> lines_;
};

/// Leaves out of the plan what takes longest, one protocol at one number of subscribers at a time, until the rest takes at
/// most `seconds`.
[[nodiscard]] Plan shortened(Plan plan, const Forecast& forecast, double seconds);

}  // namespace blindbook::bench
