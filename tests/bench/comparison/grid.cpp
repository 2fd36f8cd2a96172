#include "tests/bench/comparison/grid.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <nlohmann/json.hpp>

#include "cli/common/text.h"
#include "tests/bench/comparison/scene.h"
#include "tests/bench/json_figures.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::bench {
namespace {

std::vector<std::string> names_of_all() {
  std::vector<std::string> out;
  for (const Protocol& protocol : protocols()) {
    out.emplace_back(protocol.name);
  }
  return out;
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    out += (out.empty() ? "" : ", ") + name;
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t comma = 0; comma != std::string_view::npos;) {
    comma = text.find(',');
    out.push_back(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return out;
}

/// "1024" or "2^10"; 0 when it is neither, or more than `most`.
std::size_t read_size(std::string_view text, std::size_t most) {
  const std::uint64_t out = cli::whole_number(text).value_or(0);
  return out <= most ? out : 0;
}

template <class T>
bool has_repeats(std::vector<T> values) {
  std::sort(values.begin(), values.end());
  return std::adjacent_find(values.begin(), values.end()) != values.end();
}

/// Why that cell is left out; empty: it is not.
std::string reason_against(const Protocol& protocol, std::size_t subscribers, std::size_t contacts) {
  if (!protocol.cap || (subscribers <= protocol.cap->subscribers && contacts <= protocol.cap->contacts)) {
    return "";
  }
  const bool is_set = subscribers > protocol.cap->subscribers;
  return "capped at " + cli::grouped(is_set ? protocol.cap->subscribers : protocol.cap->contacts) +
         (is_set ? " subscribers: " : " contacts: ") + std::string(protocol.cap->why);
}

}  // namespace

Grid full_grid() {
  return {.protocols = names_of_all(),
          .subscribers = {1U << 10U, 1U << 14U, 1U << 17U, 1U << 20U},
          .contacts = {64, 256, 1024},
          .rounds = 5,
          .seed = 1};
}

bool takes_seconds(std::string_view name) {
  return name.find("-boost") != std::string_view::npos || name.find("3072") != std::string_view::npos ||
         name.substr(0, 3) == "dh-";
}

Grid quick_grid() {
  std::vector<std::string> protocols = names_of_all();
  std::erase_if(protocols, takes_seconds);
  return {.protocols = std::move(protocols),
          .subscribers = {1U << 10U, 1U << 14U},
          .contacts = {64, 256},
          .rounds = 3,
          .seed = 1};
}

std::vector<std::size_t> read_sizes(std::string_view text, std::string_view what, std::size_t most) {
  std::vector<std::size_t> out;
  for (const std::string_view word : split(text)) {
    out.push_back(read_size(word, most));
    if (out.back() == 0) {
      throw BadRequest("--" + std::string(what) + " cannot be '" + std::string(word) + "'",
                       "it is a list such as 1024,2^14 of numbers from 1 to " + cli::grouped(most));
    }
  }
  if (has_repeats(out)) {
    throw BadRequest("--" + std::string(what) + " names a number twice",
                     "each is measured once, in --rounds rounds");
  }
  return out;
}

std::vector<std::string> read_protocols(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view word : split(text)) {
    if (find_protocol(word) == nullptr) {
      throw BadRequest("there is no protocol '" + std::string(word) + "' on this machine",
                       "there are " + listed(names_of_all()));
    }
    out.emplace_back(word);
  }
  if (has_repeats(out)) {
    throw BadRequest("--protocols names a protocol twice", "each is measured once, in --rounds rounds");
  }
  return out;
}

Plan plan_of(Grid grid) {
  Plan out;
  for (const std::size_t subscribers : grid.subscribers) {
    for (const std::size_t contacts : grid.contacts) {
      for (const std::string& name : grid.protocols) {
        std::string why = reason_against(*find_protocol(name), subscribers, contacts);
        if (!why.empty()) {
          out.left_out.push_back({name, subscribers, contacts, std::move(why)});
        }
      }
    }
  }
  out.grid = std::move(grid);
  return out;
}

std::vector<Cell> cells_at(const Plan& plan, std::size_t subscribers) {
  std::vector<Cell> out;
  for (const std::size_t contacts : plan.grid.contacts) {
    for (const std::string& name : plan.grid.protocols) {
      const auto is_this = [&](const LeftOut& cell) {
        return cell.protocol == name && cell.subscribers == subscribers && cell.contacts == contacts;
      };
      if (std::none_of(plan.left_out.begin(), plan.left_out.end(), is_this)) {
        out.push_back({find_protocol(name), contacts});
      }
    }
  }
  return out;
}

std::vector<Cell> in_order_of_round(std::vector<Cell> cells, std::uint64_t seed, std::size_t subscribers,
                                    std::size_t round) {
  test_support::DeterministicRandom random(seed * 1'000'003 + subscribers * (kMostRounds + 1) + round);
  for (std::size_t i = cells.size(); i > 1; --i) {
    std::swap(cells[i - 1], cells[static_cast<std::size_t>(random.below(i))]);
  }
  return cells;
}

bool is_possible(const Grid& grid) {
  for (const std::string& name : grid.protocols) {
    static_cast<void>(read_protocols(name));
  }
  const auto are_sizes = [](const std::vector<std::size_t>& sizes, std::size_t most) {
    return !sizes.empty() && !has_repeats(sizes) &&
           std::all_of(sizes.begin(), sizes.end(), [most](auto size) { return size > 0 && size <= most; });
  };
  return !grid.protocols.empty() && !has_repeats(grid.protocols) && grid.rounds > 0 &&
         grid.rounds <= kMostRounds && are_sizes(grid.subscribers, kMostSubscribers) &&
         are_sizes(grid.contacts, kMostContacts);
}

nlohmann::ordered_json json_of(const Grid& grid) {
  return {{"protocols", grid.protocols}, {"subscribers", grid.subscribers}, {"contacts", grid.contacts},
          {"rounds", grid.rounds},       {"warm_up", kWarmUpRounds},        {"seed", grid.seed}};
}

nlohmann::ordered_json json_of(const std::vector<LeftOut>& left_out) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const LeftOut& cell : left_out) {
    out.push_back({{"protocol", cell.protocol},
                   {"subscribers", cell.subscribers},
                   {"contacts", cell.contacts},
                   {"why", cell.why}});
  }
  return out;
}

Plan plan_from(const nlohmann::ordered_json& grid, const nlohmann::ordered_json& left_out) {
  Plan out;
  grid.at("protocols").get_to(out.grid.protocols);
  grid.at("subscribers").get_to(out.grid.subscribers);
  grid.at("contacts").get_to(out.grid.contacts);
  out.grid.rounds = whole_figure(grid, "rounds");
  out.grid.seed = whole_figure(grid, "seed");
  for (const auto& cell : left_out) {
    out.left_out.push_back({cell.at("protocol").get<std::string>(), whole_figure(cell, "subscribers"),
                            whole_figure(cell, "contacts"), cell.at("why").get<std::string>()});
  }
  return out;
}

}  // namespace blindbook::bench
