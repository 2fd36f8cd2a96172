#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tests/bench/baselines/protocol.h"

/// What is compared with what: sizes x contacts x protocols, and in which order.
namespace blindbook::bench {

/// What was asked for cannot be done; the text names the bound, the hint what would do.
class BadRequest : public std::runtime_error {
 public:
  BadRequest(const std::string& message, std::string hint)
      : std::runtime_error(message), hint_(std::move(hint)) {}
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

 private:
  std::string hint_;
};

/// A round before those that count, in which caches fill and tables are made.
inline constexpr std::size_t kWarmUpRounds = 1;
inline constexpr std::size_t kMostRounds = 1'000;

struct Grid {
  std::vector<std::string> protocols;
  std::vector<std::size_t> subscribers;
  std::vector<std::size_t> contacts;
  std::size_t rounds = 5;  ///< that count
  std::uint64_t seed = 1;

  friend bool operator==(const Grid&, const Grid&) = default;
};

/// What is left out of a grid, and why.
struct LeftOut {
  std::string protocol;
  std::size_t subscribers;
  std::size_t contacts;
  std::string why;

  friend bool operator==(const LeftOut&, const LeftOut&) = default;
};

struct Plan {
  Grid grid;
  std::vector<LeftOut> left_out;
};

/// Grid of all protocols: 2^10, 2^14, 2^17 and 2^20 subscribers, 64, 256 and 1024 contacts.
[[nodiscard]] Grid full_grid();
/// What can be measured in a minute.
[[nodiscard]] Grid quick_grid();
/// Whether that protocol takes seconds for what others do in milliseconds, so that a quick comparison does not even try it.
[[nodiscard]] bool takes_seconds(std::string_view name);

/// "1024,2^14" as numbers in that order; `what` names them in an error. Throws BadRequest: not a list of different numbers of
/// 1 to `most`.
[[nodiscard]] std::vector<std::size_t> read_sizes(std::string_view text, std::string_view what,
                                                  std::size_t most);
/// "naive,sha256" as names of protocols. Throws BadRequest: one is none, or comes twice.
[[nodiscard]] std::vector<std::string> read_protocols(std::string_view text);

/// Whether somebody could have asked for it, as read_sizes() and read_protocols() understand them. Throws BadRequest for a protocol
/// that there is not.
[[nodiscard]] bool is_possible(const Grid& grid);

/// The grid without what the protocols say is too much for them.
[[nodiscard]] Plan plan_of(Grid grid);

/// One place in the grid of one number of subscribers.
struct Cell {
  const Protocol* protocol;
  std::size_t contacts;
};
[[nodiscard]] std::vector<Cell> cells_at(const Plan& plan, std::size_t subscribers);

/// `cells` in the order of that round: another one each time, so that nobody always comes after the same.
[[nodiscard]] std::vector<Cell> in_order_of_round(std::vector<Cell> cells, std::uint64_t seed,
                                                  std::size_t subscribers, std::size_t round);

/// As JSON, and out of it. The latter throws nlohmann::json::exception.
/// @{
[[nodiscard]] nlohmann::ordered_json json_of(const Grid& grid);
[[nodiscard]] nlohmann::ordered_json json_of(const std::vector<LeftOut>& left_out);
[[nodiscard]] Plan plan_from(const nlohmann::ordered_json& grid, const nlohmann::ordered_json& left_out);
/// @}

}  // namespace blindbook::bench
