#pragma once

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

/// Figures out of JSON that somebody else may have written. Both throw nlohmann::json::exception where there is none of that
/// name, and std::domain_error where it cannot be.
namespace blindbook::bench {

/// A whole number of 0 or more, below 2^53, as far as other readers of JSON can count.
[[nodiscard]] inline std::uint64_t whole_figure(const nlohmann::ordered_json& object, const char* name) {
  const auto& value = object.at(name);
  constexpr std::uint64_t kMost = std::uint64_t{1} << 53U;
  if (!value.is_number_integer() || (!value.is_number_unsigned() && value.get<std::int64_t>() < 0) ||
      value.get<std::uint64_t>() > kMost) {
    throw std::domain_error(std::string(name) + " is no whole number from 0 to 2^53");
  }
  return value.get<std::uint64_t>();
}

/// A number of 0 or more, of which 10^15 is the most.
[[nodiscard]] inline double real_figure(const nlohmann::ordered_json& object, const char* name) {
  const auto& value = object.at(name);
  if (!value.is_number() || !(value.get<double>() >= 0) || value.get<double>() > 1e15) {
    throw std::domain_error(std::string(name) + " is no number from 0 to 10^15");
  }
  return value.get<double>();
}

}  // namespace blindbook::bench
