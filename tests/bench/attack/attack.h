#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tests/bench/attack/toy_views.h"

/// The attack that hashing does not stop and blinding does: `blindbook-bench --attack`.
namespace blindbook::bench {

struct AttackOptions {
  std::uint64_t numbers = 10'000'000;  ///< to try against hashes
  std::uint64_t group_numbers =
      100'000;  ///< to try against blindbook, where each takes a hash onto the group
  std::size_t contacts = 1024;
  std::uint64_t seed = 1;  ///< of the contacts
  /// Called some thousand numbers apart; what it throws ends the attack. May be empty.
  std::function<void()> pause = {};
};

/// How long one core takes for all numbers of a country (model/number_spaces.csv).
struct CountryTime {
  std::string country;  ///< ISO 3166-1 alpha-2
  std::string basis;    ///< which numbers were counted
  std::uint64_t numbers = 0;
  double minutes = 0;
};

struct HashAttack {
  std::string protocol;
  std::size_t contacts = 0;
  std::size_t recovered = 0;  ///< of the contacts
  std::size_t wrong = 0;      ///< numbers recovered that are no contacts
  std::uint64_t tried = 0;
  double cpu_seconds = 0;         ///< of one core
  double numbers_per_second = 0;  ///< of one core
  std::vector<CountryTime> countries;
};

/// What a run of blindbook with that many contacts sent, in bytes of messages.
struct RunSize {
  std::size_t contacts = 0;
  std::uint32_t batch = 0;
  std::size_t from_client = 0;
  std::size_t from_service = 0;
};

struct BlindAttack {
  std::string protocol;
  ToyResult toy;
  std::vector<RunSize> runs;
  bool lengths_depend_on_batch_only = false;
  std::size_t repeated_windows = 0;  ///< runs of eight bytes of blinded elements that came twice, anywhere
  std::size_t contacts = 0;          ///< in the books of all runs, each once
  std::size_t recovered = 0;         ///< of them, by the same dictionary
  std::uint64_t tried = 0;
};

struct AttackReport {
  std::vector<HashAttack> hashes;
  BlindAttack blindbook;
};

/// Takes some seconds of one core. Throws std::invalid_argument when there are more contacts than numbers to try, and what
/// `pause` throws.
[[nodiscard]] AttackReport run_attack(const AttackOptions& options = {});

/// Schema blindbook.attack/1.
[[nodiscard]] nlohmann::ordered_json json_of(const AttackReport& report);
[[nodiscard]] std::string text_of(const AttackReport& report);

}  // namespace blindbook::bench
