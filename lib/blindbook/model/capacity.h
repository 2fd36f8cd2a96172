#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "blindbook/model/client_life.h"

/// What it takes to let a city on board: cores, machines, bytes. In doubles, since rates are measured.
namespace blindbook::model {

/// The time in which all clients make their first run.
struct Rush {
  std::string_view name;  ///< "month" or "morning"
  double seconds;
  double peak;  ///< by how much the busiest hour is above the mean
};

/// A month, and a morning of four hours.
[[nodiscard]] std::span<const Rush> rushes() noexcept;
/// That of this name; null when there is none.
[[nodiscard]] const Rush* find_rush(std::string_view name) noexcept;

/// What evaluates.
struct Machines {
  double rate = 0;          ///< evaluations a second of one core, all that belongs to them included
  std::uint64_t cores = 4;  ///< of a machine
  double busy = 0.5;        ///< part of its time that a machine is to be busy in the peak
  std::uint64_t least = 2;  ///< so that one can fail
};

/// Of what a core does under load, so much is counted on.
inline constexpr double kCountedOn = 0.75;

/// What comes in a rush, whatever answers it.
struct Load {
  double evaluations = 0;
  double busiest_day_evaluations = 0;
  double bytes_sent = 0;          ///< answers, announcements, directories
  double peak_bits_a_second = 0;  ///< sent
  double peak_charges_a_second = 0;
};

/// `clients` make a first run of `life` each, while the directory grows from none to life.directory.entries.
[[nodiscard]] Load load_of(double clients, const ClientLife& life, const Rush& rush);

/// What answers it.
struct Fleet {
  double core_seconds = 0;
  std::uint64_t machines = 0;
  double all_at_once_seconds = 0;  ///< until the last is answered when all come in one second
};
[[nodiscard]] Fleet fleet_for(const Load& load, const Rush& rush, const Machines& machines);

/// Of one client, in a day.
struct DailyShare {
  double core_seconds = 0;  ///< of the service
  double bytes_sent = 0;    ///< by it
};
/// What it takes day after day, while the busiest hour is 5 times the mean.
struct Upkeep {
  std::uint64_t machines = 0;
  double peak_bits_a_second = 0;  ///< sent
};
[[nodiscard]] Upkeep upkeep(double clients, const DailyShare& share, const Machines& machines);

/// In which clients move to a new epoch, each at a moment of its own (docs/spec/protocol.md, "Epochs").
inline constexpr double kRenewalDays = 7;

}  // namespace blindbook::model
