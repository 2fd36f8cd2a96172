// What `blindbook bench` does if no option asks for something else: plan, forecast, measure, report.

#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "blindbook/service/atomic_file.h"

#include "cli/common/json_text.h"
#include "cli/common/terminal.h"
#include "cli/common/text.h"
#include "tests/bench/attack/attack.h"
#include "tests/bench/comparison/actions.h"
#include "tests/bench/comparison/environment.h"
#include "tests/bench/comparison/forecast.h"
#include "tests/bench/comparison/grid_progress.h"
#include "tests/bench/comparison/interrupts.h"
#include "tests/bench/comparison/journal.h"
#include "tests/bench/comparison/measure.h"
#include "tests/bench/comparison/report.h"
#include "tests/bench/comparison/scene.h"
#include "tests/bench/comparison/targets.h"
#include "tests/bench/report/write_report.h"

namespace blindbook::bench {
namespace {

/// What --quick may measure for, so that it ends within a minute with what stands around it.
constexpr double kQuickSeconds = 35;

Plan plan_from_options(const cli::Arguments& arguments) {
  Grid grid = arguments.has("quick") ? quick_grid() : full_grid();
  if (const auto names = arguments.value("protocols")) {
    grid.protocols = read_protocols(*names);
  }
  if (const auto sizes = arguments.value("subscribers")) {
    grid.subscribers = read_sizes(*sizes, "subscribers", kMostSubscribers);
  }
  if (const auto sizes = arguments.value("contacts")) {
    grid.contacts = read_sizes(*sizes, "contacts", kMostContacts);
  }
  const auto number = [&](const char* option, std::size_t otherwise, std::size_t most) {
    const auto text = arguments.value(option);
    const auto numbers = text ? read_sizes(*text, option, most) : std::vector<std::size_t>{otherwise};
    if (numbers.size() != 1) {
      throw BadRequest(std::string("--") + option + " is one number", "of 1 to " + cli::grouped(most));
    }
    return numbers.front();
  };
  grid.rounds = number("rounds", grid.rounds, kMostRounds);
  grid.seed = number("seed", grid.seed, std::size_t{1} << 53);
  Plan plan = plan_of(std::move(grid));
  if (arguments.has("quick") && !arguments.has("protocols")) {
    for (const std::string& name : full_grid().protocols) {
      for (const std::size_t subscribers : plan.grid.subscribers) {
        for (const std::size_t contacts : plan.grid.contacts) {
          if (takes_seconds(name)) {
            plan.left_out.push_back(
                {name, subscribers, contacts, "left out of a quick comparison: it takes seconds a run"});
          }
        }
      }
    }
  }
  return plan;
}

/// Results with what the attack on hashes finds, which a report shows beside them. Throws Interrupted.
nlohmann::ordered_json with_attack(nlohmann::ordered_json results, const Interrupts& interrupts) {
  cli::note("trying the attack, for the report");
  const auto pause = [&interrupts] {
    if (interrupts.have_come()) {
      throw Interrupted();
    }
  };
  results["attack"] = json_of(run_attack({.pause = pause}));
  return results;
}

/// Throws BadRequest where all was left out.
void require_cells(const Plan& plan) {
  for (const std::size_t subscribers : plan.grid.subscribers) {
    if (!cells_at(plan, subscribers).empty()) {
      return;
    }
  }
  throw BadRequest("nothing of this can be compared: " + plan.left_out.front().protocol + " is " +
                       plan.left_out.front().why,
                   "--list names the bounds of each protocol");
}

/// All that shapes the grid, which a journal has.
void refuse_grid_options(const cli::Arguments& arguments) {
  for (const char* const option : {"quick", "protocols", "subscribers", "contacts", "rounds", "seed"}) {
    if (arguments.has(option)) {
      throw BadRequest(std::string("--") + option + " cannot be changed by --resume",
                       "what is compared stands in the journal; another comparison takes another --output");
    }
  }
}

/// One `blindbook bench`, from its options to its result.
class Compare {
 public:
  explicit Compare(const cli::Arguments& arguments)
      : format_(arguments.value("format").value_or("text")),
        output_(arguments.value("output")),
        report_(arguments.value("report")),
        resumes_(arguments.has("resume")),
        is_quick_(arguments.has("quick")) {
    keeping_.program = "/proc/self/exe";
    keeping_.interrupts = interrupts_.descriptor();
    std::vector<std::pair<std::string, std::string>> files;
    if (output_) {
      files = {{"--output", *output_}, {"the journal of --output", journal_path()}};
    }
    if (report_) {
      files.emplace_back("--report", *report_);
    }
    require_targets(files);
    if (resumes_ && !output_) {
      throw BadRequest("--resume needs --output FILE",
                       "the journal of an interrupted comparison is FILE.journal");
    }
    if (resumes_) {
      refuse_grid_options(arguments);
      take_up_journal();
    } else {
      comparison_.plan = plan_from_options(arguments);
      comparison_.environment = environment_at_start();
    }
  }

  Result<void> run() {
    require_cells(comparison_.plan);
    require_memory(comparison_.plan, available_memory());
    const Forecast forecast(keeping_, comparison_.plan);
    if (is_quick_) {
      comparison_.plan = shortened(std::move(comparison_.plan), forecast, kQuickSeconds);
    }
    const double total = forecast.total_seconds(comparison_.plan);
    cli::note("comparing " + cli::counted(comparison_.plan.grid.protocols.size(), "protocol") +
              ", for about " + cli::duration_text(static_cast<std::uint64_t>(total) + 1));
    if (output_ && !resumes_) {
      journal_.emplace(Journal::begin(journal_path(), comparison_.plan, comparison_.environment));
    }
    GridProgress progress(total);
    measure(
        keeping_, forecast, comparison_,
        {.setup = [this](const Setup& setup) { keep(setup); }, .run = [this](const Run& run) { keep(run); }},
        [&progress](const std::string& what, double done) { progress.show(what, done); });
    progress.end();
    comparison_.environment["finished"] = time_now();
    return give();
  }

  /// How an interrupted comparison can go on.
  [[nodiscard]] std::string way_on() const {
    return journal_ ? "blindbook bench --resume --output " + *output_ +
                          (format_ == "text" ? "" : " --format " + format_) +
                          (report_ ? " --report " + *report_ : "") + " goes on with it"
           : output_ ? "nothing had been measured yet"
                     : "with --output FILE it could go on from here";
  }

 private:
  [[nodiscard]] std::string journal_path() const { return *output_ + ".journal"; }

  void take_up_journal() {
    Journal::Content content;
    journal_.emplace(Journal::resume(journal_path(), content));
    comparison_ = {std::move(content.environment), std::move(content.plan), std::move(content.setups),
                   std::move(content.runs)};
  }

  template <class Figures>
  void keep(const Figures& figures) {
    if (journal_) {
      journal_->add(figures);
    }
  }

  /// The result first, whatever comes of the page; the journal goes when both are there.
  Result<void> give() {
    nlohmann::ordered_json results = comparison_json(comparison_);
    if (report_) {
      results = with_attack(std::move(results), interrupts_);
    }
    const std::string text = format_ == "json"  ? cli::json_text(results)
                             : format_ == "csv" ? comparison_csv(comparison_)
                                                : comparison_text(comparison_);
    if (output_) {
      if (auto written =
              service::write_file_atomically(*output_, bytes_of(text), service::FileAccess::kEveryone);
          !written) {
        return written;
      }
      cli::note("wrote " + *output_);
    }
    if (report_) {
      if (auto written = write_report(results, *report_); !written) {
        return written;
      }
      cli::note("wrote " + *report_);
    }
    if (journal_) {
      journal_->remove();
    }
    if (!output_ && !report_) {
      cli::print(text);
    }
    return {};
  }

  Interrupts interrupts_;
  Keeping keeping_;
  std::string format_;
  std::optional<std::string> output_;
  std::optional<std::string> report_;
  bool resumes_;
  bool is_quick_;
  std::optional<Journal> journal_;
  Comparison comparison_;
};

}  // namespace

Result<cli::ExitCode> run_compare(const cli::Arguments& arguments) {
  try {
    Compare compare(arguments);
    try {
      if (auto done = compare.run(); !done) {
        return failed(done);
      }
      return cli::ExitCode::kDone;
    } catch (const Interrupted&) {
      return unavailable("bench.interrupted", "a signal ended the comparison", compare.way_on());
    } catch (const PartyFailed& error) {
      return unavailable("bench.party", error.what(), compare.way_on());
    }
  } catch (const BadRequest& error) {
    return bad_input("bench.request", error.what(), error.hint());
  } catch (const std::system_error& error) {
    return unavailable("bench.system", error.what());
  }
}

}  // namespace blindbook::bench
