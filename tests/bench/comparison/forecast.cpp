#include "tests/bench/comparison/forecast.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <stdexcept>

#include "cli/common/text.h"
#include "tests/bench/comparison/scene.h"

namespace blindbook::bench {
namespace {

/// What a process takes that has nothing to do yet, with its share of libraries.
constexpr std::uint64_t kIdleProcess = std::uint64_t{16} << 20;

/// The sizes at which protocols are tried: a few, then one after the other of these until a setup takes long enough to tell, and as
/// long as the next is not too long.
/// @{
constexpr std::size_t kFewSubscribers = 8;
constexpr std::array<std::size_t, 4> kManySubscribers{128, 512, 2'048, 16'384};
constexpr double kEnoughSeconds = 1;
constexpr double kMostTriedSeconds = 2.5;
constexpr std::size_t kFewContacts = 8;
constexpr std::size_t kMoreContacts = 24;
/// @}
/// Less of a difference than this, of a run's time, is no slope; nor is any between so few subscribers, which would come to
/// hours at a million.
/// @{
constexpr double kNoise = 0.2;
constexpr std::size_t kEnoughSubscribers = 1'024;
/// @}

double slope(double from, double to, std::size_t apart) {
  return std::max(0.0, (to - from) / static_cast<double>(apart));
}

double at(double fixed, double each, std::size_t count) {
  return fixed + each * static_cast<double>(count);
}

std::set<std::string> protocols_at(const Plan& plan, std::size_t subscribers) {
  std::set<std::string> out;
  for (const Cell& cell : cells_at(plan, subscribers)) {
    out.emplace(cell.protocol->name);
  }
  return out;
}

}  // namespace

std::uint64_t available_memory() {
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("MemAvailable:", 0) == 0) {
      return std::stoull(line.substr(13)) * 1024;
    }
  }
  throw std::runtime_error("the kernel does not say how much memory is available");
}

std::uint64_t memory_at(const Plan& plan, std::size_t subscribers) {
  std::uint64_t out = subscribers * kSubscriberBytes + kIdleProcess;
  std::uint64_t busiest = 0;
  const std::size_t most_contacts = *std::max_element(plan.grid.contacts.begin(), plan.grid.contacts.end());
  for (const std::string& name : protocols_at(plan, subscribers)) {
    const Protocol& protocol = *find_protocol(name);
    const std::size_t contacts =
        protocol.cap ? std::min(most_contacts, protocol.cap->contacts) : most_contacts;
    out += 2 * kIdleProcess + protocol.service_memory(subscribers, contacts);
    busiest = std::max(busiest, protocol.client_memory(subscribers, contacts));
  }
  return out + busiest;
}

void require_memory(const Plan& plan, std::uint64_t available) {
  for (const std::size_t subscribers : plan.grid.subscribers) {
    const std::uint64_t needed = memory_at(plan, subscribers);
    if (needed > available) {
      throw BadRequest(cli::counted(subscribers, "subscriber") + " would take up to " +
                           cli::size_text(needed) + " of memory for " +
                           cli::counted(protocols_at(plan, subscribers).size(), "protocol") +
                           " side by side, and " + cli::size_text(available) + " are available",
                       "--subscribers takes fewer, and --protocols not all of them");
    }
  }
}

Forecast::Line Forecast::try_out(const Keeping& keeping, const std::string& protocol, std::uint64_t seed) {
  Line out;
  Parties few(keeping, protocol, kFewSubscribers, seed);
  const double few_setup = few.set_up().wall_seconds;
  static_cast<void>(few.run(kFewContacts, 0));
  const double few_run = few.run(kFewContacts, 1).wall_seconds;
  out.run_each_contact = slope(few_run, few.run(kMoreContacts, 2).wall_seconds, kMoreContacts - kFewContacts);
  out.run = std::max(0.0, at(few_run, -out.run_each_contact, kFewContacts));

  // Much of a setup is spent once, such as on making a key, and now more and now less of it: what one subscriber takes shows
  // only between sizes that are far apart.
  for (const std::size_t many : kManySubscribers) {
    if (many > kManySubscribers.front() && out.setup_each * static_cast<double>(many) > kMostTriedSeconds) {
      break;
    }
    Parties more(keeping, protocol, many, seed);
    const double more_setup = more.set_up().wall_seconds;
    static_cast<void>(more.run(kFewContacts, 0));
    const double more_run = more.run(kFewContacts, 1).wall_seconds;
    out.setup_each = slope(few_setup, more_setup, many - kFewSubscribers);
    out.setup = std::max(0.0, at(few_setup, -out.setup_each, kFewSubscribers));
    const bool grows = many >= kEnoughSubscribers && more_run > (1 + kNoise) * few_run;
    out.run_each_subscriber = grows ? slope(few_run, more_run, many - kFewSubscribers) : 0;
    // To make a key takes now a tenth of a second and now one, which is nothing to tell subscribers by.
    if (more_setup - few_setup > kEnoughSeconds) {
      break;
    }
  }
  return out;
}

Forecast::Forecast(const Keeping& keeping, const Plan& plan) {
  for (const std::size_t subscribers : plan.grid.subscribers) {
    for (const std::string& protocol : protocols_at(plan, subscribers)) {
      if (lines_.find(protocol) == lines_.end()) {
        lines_[protocol] = try_out(keeping, protocol, plan.grid.seed);
      }
    }
  }
}

double Forecast::setup_seconds(const std::string& protocol, std::size_t subscribers) const {
  const Line& line = lines_.at(protocol);
  return at(line.setup, line.setup_each, subscribers);
}

double Forecast::run_seconds(const std::string& protocol, std::size_t subscribers,
                             std::size_t contacts) const {
  const Line& line = lines_.at(protocol);
  return at(at(line.run, line.run_each_contact, contacts), line.run_each_subscriber, subscribers);
}

double Forecast::total_seconds(const Plan& plan) const {
  double out = 0;
  const auto rounds = static_cast<double>(kWarmUpRounds + plan.grid.rounds);
  for (const std::size_t subscribers : plan.grid.subscribers) {
    for (const std::string& protocol : protocols_at(plan, subscribers)) {
      out += setup_seconds(protocol, subscribers);
    }
    for (const Cell& cell : cells_at(plan, subscribers)) {
      out += rounds * run_seconds(std::string(cell.protocol->name), subscribers, cell.contacts);
    }
  }
  return out;
}

Plan shortened(Plan plan, const Forecast& forecast, double seconds) {
  const auto rounds = static_cast<double>(kWarmUpRounds + plan.grid.rounds);
  while (forecast.total_seconds(plan) > seconds) {
    double longest = 0;
    std::size_t longest_at = 0;
    std::string longest_protocol;
    for (const std::size_t subscribers : plan.grid.subscribers) {
      std::map<std::string, double> costs;
      for (const Cell& cell : cells_at(plan, subscribers)) {
        const std::string name(cell.protocol->name);
        costs.emplace(name, forecast.setup_seconds(name, subscribers)).first->second +=
            rounds * forecast.run_seconds(name, subscribers, cell.contacts);
      }
      for (const auto& [name, cost] : costs) {
        if (cost > longest) {
          longest = cost;
          longest_at = subscribers;
          longest_protocol = name;
        }
      }
    }
    if (longest_protocol.empty()) {
      break;  // nothing is left to take out
    }
    for (const Cell& cell : cells_at(plan, longest_at)) {
      if (cell.protocol->name == longest_protocol) {
        plan.left_out.push_back({longest_protocol, longest_at, cell.contacts,
                                 "left out of a quick comparison: it would take about " +
                                     cli::duration_text(static_cast<std::uint64_t>(longest) + 1)});
      }
    }
  }
  return plan;
}

}  // namespace blindbook::bench
