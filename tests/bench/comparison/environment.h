#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace blindbook::bench {

/// The commit of this program.
[[nodiscard]] std::string program_commit();
/// The processor: virtual machines hide the name of the model, but not its numbers.
[[nodiscard]] std::string machine();

/// Such as "2026-03-01T12:00:00Z".
[[nodiscard]] std::string time_now();

/// Where a measurement begins: machine, system, versions, commit, time and load; nobody has gone on with it so far.
[[nodiscard]] nlohmann::ordered_json environment_at_start();
/// What belongs to "resumed" of an environment when one goes on with a measurement: time and load.
[[nodiscard]] nlohmann::ordered_json conditions_now();

}  // namespace blindbook::bench
