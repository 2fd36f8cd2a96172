#include "tests/bench/comparison/measure.h"

#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

#include "cli/common/text.h"

namespace blindbook::bench {
namespace {

using Place =
    std::tuple<std::string, std::size_t, std::size_t, std::size_t>;  // .., subscribers, contacts, round

class Measurement {
 public:
  Measurement(const Keeping& keeping, const Forecast& forecast, Comparison& comparison, const Keep& keep,
              const ShowProgress& show)
      : keeping_(keeping), forecast_(forecast), comparison_(comparison), keep_(keep), show_(show) {
    for (const Run& run : comparison.runs) {
      done_.insert({run.protocol, run.subscribers, run.contacts, run.round});
    }
  }

  void measure_at(std::size_t subscribers) {
    const Plan& plan = comparison_.plan;
    const std::vector<Cell> cells = cells_at(plan, subscribers);
    std::map<std::string, Parties> parties;
    for (const Cell& cell : cells) {
      const std::string name(cell.protocol->name);
      if (parties.find(name) == parties.end() && lacks_runs(name, subscribers, cells)) {
        parties.emplace(name, set_up(name, subscribers));
      } else if (parties.find(name) == parties.end() && passed_.insert({name, subscribers}).second) {
        seconds_ += forecast_.setup_seconds(name, subscribers);
      }
    }
    for (std::size_t round = 0; round < kWarmUpRounds + plan.grid.rounds; ++round) {
      for (const Cell& cell : in_order_of_round(cells, plan.grid.seed, subscribers, round)) {
        const std::string name(cell.protocol->name);
        const auto running = parties.find(name);
        // Processes that were started anew are warmed up anew, whatever a journal holds.
        const bool is_done = done_.count({name, subscribers, cell.contacts, round}) > 0;
        if (running != parties.end() && (!is_done || round < kWarmUpRounds)) {
          run(running->second, cell, subscribers, round, is_done);
        }
        seconds_ += forecast_.run_seconds(name, subscribers, cell.contacts);
      }
    }
  }

 private:
  [[nodiscard]] bool lacks_runs(const std::string& name, std::size_t subscribers,
                                const std::vector<Cell>& cells) const {
    for (const Cell& cell : cells) {
      for (std::size_t round = 0; round < kWarmUpRounds + comparison_.plan.grid.rounds; ++round) {
        if (cell.protocol->name == name && done_.count({name, subscribers, cell.contacts, round}) == 0) {
          return true;
        }
      }
    }
    return false;
  }

  Parties set_up(const std::string& name, std::size_t subscribers) {
    show_(name + ": setting up " + cli::counted(subscribers, "subscriber"), seconds_);
    Parties out(keeping_, name, subscribers, comparison_.plan.grid.seed);
    comparison_.setups.push_back(out.set_up());
    keep_.setup(comparison_.setups.back());
    seconds_ += forecast_.setup_seconds(name, subscribers);
    return out;
  }

  void run(Parties& parties, const Cell& cell, std::size_t subscribers, std::size_t round, bool is_done) {
    const std::string name(cell.protocol->name);
    show_(name + ": " + cli::grouped(subscribers) + " x " + cli::grouped(cell.contacts), seconds_);
    Run figures = parties.run(cell.contacts, round);
    if (figures.missed > 0) {
      throw PartyFailed(name + " missed " + cli::counted(figures.missed, "contact") +
                        " who subscribe: it is no correct protocol, and its figures are worth nothing");
    }
    if (!is_done) {
      figures.warm_up = round < kWarmUpRounds;
      comparison_.runs.push_back(figures);
      keep_.run(figures);
    }
  }

  const Keeping& keeping_;
  const Forecast& forecast_;
  Comparison& comparison_;
  const Keep& keep_;
  const ShowProgress& show_;
  std::set<Place> done_;
  std::set<std::pair<std::string, std::size_t>> passed_;
  double seconds_ = 0;
};

}  // namespace

void measure(const Keeping& keeping, const Forecast& forecast, Comparison& comparison, const Keep& keep,
             const ShowProgress& show) {
  Measurement measurement(keeping, forecast, comparison, keep, show);
  for (const std::size_t subscribers : std::vector<std::size_t>(comparison.plan.grid.subscribers)) {
    measurement.measure_at(subscribers);
  }
}

}  // namespace blindbook::bench
