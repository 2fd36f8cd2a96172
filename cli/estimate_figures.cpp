#include "cli/estimate_figures.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "blindbook/model/capacity.h"
#include "blindbook/model/false_positives.h"
#include "blindbook/model/heads.h"
#include "blindbook/model/memory.h"
#include "blindbook/model/speed.h"
#include "blindbook/service/ceiling.h"

#include "cli/common/text.h"

namespace blindbook::cli {
namespace {

using model::ClientLife;
using model::Moved;
using enum Certainty;

constexpr std::string_view kBytes = "bytes";
constexpr std::string_view kSeconds = "seconds";
constexpr std::string_view kCoreSeconds = "core seconds";
constexpr std::string_view kPlain = "1";

constexpr std::uint64_t kMonth = 30;
constexpr std::uint64_t kYear = 365;

using Calibrated = std::optional<model::Calibration>;

double number_of(std::uint64_t value) {
  return static_cast<double>(value);
}

std::uint64_t elements_of(const ClientLife& life) {
  std::uint64_t sum = 0;
  for (const std::uint32_t batch : life.first_batches) {
    sum += batch;
  }
  return sum;
}

/// With labels in the directory, a step is as long as its column too.
bool has_labels(const Scenario& scenario) {
  return scenario.labels == protocol::LabelMode::kEmbedded;
}

FigureSection objects(const Scenario& scenario) {
  const ClientLife& life = scenario.life;
  const model::EvaluateBytes batch = model::evaluate_bytes(life.first_batches.front(), life.suite);
  const std::uint64_t directory = model::expected_directory_bytes(life.directory);
  FigureSection out{"what is sent around", {}};
  out.figures = {
      {"batch_elements", elements_of(life), "evaluations", "batch_elements", kExact,
       "blinded numbers in a first run, which is what it is charged"},
      {"evaluate_request", batch.request, kBytes, "evaluate_request", kExact, "request of one batch"},
      {"evaluate_answer", batch.answer, kBytes, "evaluate_answer", kExact, "its answer, with the proof"},
      {"directory_bytes", directory, kBytes, "directory_bytes", kExpected,
       "directory, the same for everybody"},
      {"directory_bits_above_bound", model::expected_code(life.directory.entries).bits_above_bound, "bits",
       "directory_bits_above_bound", kExpected, "its tags: bits an entry above the least possible"},
      {"patch_bytes", model::expected_patch_bytes(life.directory, life.daily), kBytes, "patch_bytes",
       kExpected, "patch from yesterday's directory"},
      {"announcement_bytes", life.announcement, kBytes, "announcement_bytes", kExpected, "announcement"},
  };
  if (scenario.labels == protocol::LabelMode::kResolve) {
    const model::EvaluateBytes label = model::resolve_exchange(scenario.label_bytes);
    out.figures.push_back({"label_request", label.request, kBytes, "label_request", kExact,
                           "request for the label of one match, when its user asks"});
    out.figures.push_back({"label_answer", label.answer, kBytes, "label_answer", kExact, "its answer"});
  }
  return out;
}

struct Run {
  std::string name;
  std::string_view sent;  ///< formulas
  std::string_view received;
  std::string_view requests;
  Certainty counts;  ///< of what is sent and how often; what is received depends on tags and churn
};

FigureSection moved(std::string title, const Run& run, const Moved& moved) {
  return {std::move(title),
          {{run.name + "_sent", moved.sent, kBytes, run.sent, run.counts, "sent by the client"},
           {run.name + "_received", moved.received, kBytes, run.received, kExpected, "received"},
           {run.name + "_requests", moved.requests, "requests", run.requests, run.counts, "requests"}}};
}

/// What heads add, how long the network takes, and the processor.
void add_cost(FigureSection& out, const std::string& run, const Scenario& scenario, const Moved& moved,
              std::optional<double> cpu, std::string_view cpu_formula) {
  out.figures.push_back({run + "_heads", model::expected_head_bytes(moved.requests), kBytes, "http_heads",
                         kExpected, "HTTP heads on top, both ways"});
  out.figures.push_back({run + "_network_seconds",
                         model::to_double(model::network_seconds(*scenario.network, moved)), kSeconds,
                         "network_seconds", kExpected,
                         "on " + std::string(scenario.network->name) + ", waiting for nothing else"});
  if (cpu) {
    out.figures.push_back(
        {run + "_cpu", *cpu, kCoreSeconds, cpu_formula, kCalibrated, "processor of the client"});
  }
}

void add_client(std::vector<FigureSection>& out, const Scenario& scenario, const Calibrated& speed) {
  const ClientLife& life = scenario.life;
  const std::uint64_t numbers = scenario.contacts;
  const auto when = [&](auto seconds) {
    return speed ? std::optional(seconds(*speed, life, numbers)) : std::nullopt;
  };

  const Moved first = model::first_run(life);
  out.push_back(moved(
      "a client's first day, and its first in each epoch",
      {"client_first_day", "run_first_sent", "run_first_received", "run_first_requests", kExact}, first));
  add_cost(out.back(), "client_first_day", scenario, first, when(model::client_first_seconds),
           "cpu_client_first");
  out.back().figures.push_back({"client_memory", model::client_memory_bytes(numbers), kBytes, "memory_client",
                                kExpected, "peak memory of the client, on this day"});

  const Moved day = model::daily_run(life);
  out.push_back(moved("a client's later days, one run each",
                      {"client_day", "run_daily_sent", "run_daily_received", "run_daily_requests", kExact},
                      day));
  add_cost(out.back(), "client_day", scenario, day, when(model::client_daily_seconds), "cpu_client_daily");
  out.back().figures.push_back(
      {"client_day_memory",
       model::client_daily_memory_bytes(numbers, model::expected_directory_bytes(life.directory)), kBytes,
       "memory_client_daily", kExpected, "peak memory of the client"});

  const auto spread = [](std::string name) {
    return Run{std::move(name), "days_sent", "days_received", "days_requests", kExpected};
  };
  out.push_back(moved("a client's month of 30 days, in the mean of an epoch", spread("client_month"),
                      model::moved_in(life, kMonth)));
  out.push_back(moved("a client's epoch of " + counted(scenario.epoch_days, "day"), spread("client_epoch"),
                      model::moved_in(life, scenario.epoch_days)));
}

void add_service(std::vector<FigureSection>& out, const Scenario& scenario, const Calibrated& speed) {
  const ClientLife& life = scenario.life;
  const double clients = number_of(scenario.clients);
  const double epochs = number_of(kMonth) / number_of(scenario.epoch_days);
  const Moved month = model::moved_in(life, kMonth);
  const double evaluations =
      clients * (number_of(kMonth * model::kScheduledBatch) + epochs * number_of(elements_of(life)));
  FigureSection service{"the service, with " + counted(scenario.clients, "client"), {}};
  service.figures = {
      {"service_month_evaluations", evaluations, "evaluations", "service_month_evaluations", kExpected,
       "evaluations in a month"},
      {"service_month_sent", clients * number_of(month.received), kBytes, "service_month_sent", kExpected,
       "sent in a month, directories and patches among it"},
      {"service_month_received", clients * number_of(month.sent), kBytes, "service_month_received", kExpected,
       "received in a month"},
  };
  if (speed) {
    const double first = model::serve_first_seconds(*speed, life);
    const double daily = model::serve_daily_seconds(*speed, life);
    service.figures.push_back({"service_first_run_cpu", first, kCoreSeconds, "cpu_service_first", kCalibrated,
                               "processor for one client's first run"});
    service.figures.push_back({"service_daily_run_cpu", daily, kCoreSeconds, "cpu_service_daily", kCalibrated,
                               "for one client's later day"});
    service.figures.push_back({"service_month_cpu", clients * (number_of(kMonth) * daily + epochs * first),
                               kCoreSeconds, "cpu_service_month", kCalibrated, "for all in a month"});
  }
  service.figures.push_back({"service_memory",
                             model::service_memory_bytes(model::expected_directory_bytes(life.directory)),
                             kBytes, "memory_service", kExpected, "peak memory of the service"});
  out.push_back(std::move(service));

  FigureSection publisher{"the publication of " + counted(scenario.subscribers, "subscriber"), {}};
  if (speed) {
    const bool labels = scenario.labels != protocol::LabelMode::kNone;
    publisher.figures = {
        {"publisher_first_cpu", model::publish_first_seconds(*speed, scenario.subscribers, labels),
         kCoreSeconds, "cpu_publisher_first", kCalibrated, "first edition of an epoch"},
        {"publisher_next_cpu",
         model::publish_next_seconds(*speed, scenario.subscribers, labels, life.daily, scenario.patches),
         kCoreSeconds, "cpu_publisher_next", kCalibrated,
         "edition of a later day, with " +
             (scenario.patches == 1 ? "1 patch" : std::to_string(scenario.patches) + " patches")}};
  }
  publisher.figures.push_back(
      {"publisher_memory",
       model::publisher_memory_bytes(scenario.subscribers, model::expected_directory_bytes(life.directory)),
       kBytes, "memory_publisher", kExpected, "peak memory"});
  out.push_back(std::move(publisher));
}

constexpr std::string_view kBits = "bits a second";

void add_rush(std::vector<FigureSection>& out, const Scenario& scenario, const Calibrated& speed) {
  const model::Load load = model::load_of(number_of(scenario.clients), scenario.life, *scenario.rush);
  FigureSection section{
      std::string(scenario.clients == 1 ? "if the one client joins"
                                        : "if all " + counted(scenario.clients, "client") + " join") +
          (scenario.rush->name == "month" ? " in a month" : " in one morning"),
      {}};
  section.figures = {{"machines_evaluations", load.evaluations, "evaluations", "machines_evaluations",
                      kExpected, "evaluations in all"},
                     {"machines_day_evaluations", load.busiest_day_evaluations, "evaluations",
                      "machines_day_evaluations", kExpected, "on the busiest day, at the most"},
                     {"machines_sent", load.bytes_sent, kBytes, "machines_sent", kExpected,
                      "sent in all, while the directory grows"},
                     {"machines_peak_bits", load.peak_bits_a_second, kBits, "machines_peak_bits", kExpected,
                      "sent in the peak; caches can do that"},
                     {"machines_peak_charges", load.peak_charges_a_second, "charges a second",
                      "machines_peak_charges", kExpected, "durable charges in the peak"}};
  if (speed) {
    const double seconds_each = model::serve_element_seconds(*speed, scenario.life.first_batches.front());
    const model::Machines machines{.rate = model::kCountedOn / seconds_each};
    const model::Fleet fleet = model::fleet_for(load, *scenario.rush, machines);
    section.figures.insert(
        section.figures.end(),
        {{"machines_rate", machines.rate, "evaluations a second", "machines_rate", kCalibrated,
          "one core evaluates, a quarter kept in reserve"},
         {"machines_core_seconds", fleet.core_seconds, kCoreSeconds, "machines_core_seconds", kCalibrated,
          "processor in all"},
         {"machines_count", fleet.machines, "machines", "machines_count", kCalibrated,
          "machines of 4 cores, half busy in the peak, two at least"},
         {"machines_all_at_once", fleet.all_at_once_seconds, kSeconds, "machines_all_at_once", kCalibrated,
          "until the last is answered if all come in one second"}});
  }
  out.push_back(std::move(section));
}

/// In which all move to a new epoch. Of shorter epochs it is always such a time.
double renewal_days(const Scenario& scenario) {
  return std::min(model::kRenewalDays, number_of(scenario.epoch_days));
}

/// On a day of those.
double renewal_evaluations(const Scenario& scenario) {
  return number_of(scenario.clients) *
         (model::kScheduledBatch + number_of(elements_of(scenario.life)) / renewal_days(scenario));
}

/// Day after day, and in the days in which all move to a new epoch.
void add_upkeep(std::vector<FigureSection>& out, const Scenario& scenario, const Calibrated& speed) {
  const ClientLife& life = scenario.life;
  model::DailyShare day{.bytes_sent = number_of(model::daily_run(life).received)};
  model::DailyShare renewal{.bytes_sent = day.bytes_sent + number_of(model::first_run(life).received) /
                                                               renewal_days(scenario)};
  if (speed) {
    day.core_seconds = model::serve_daily_seconds(*speed, life);
    renewal.core_seconds =
        day.core_seconds + model::serve_first_seconds(*speed, life) / renewal_days(scenario);
  }
  const double clients = number_of(scenario.clients);
  const model::Upkeep usually = model::upkeep(clients, day, {});
  const model::Upkeep then = model::upkeep(clients, renewal, {});
  FigureSection section{"once all have joined", {}};
  section.figures = {
      {"steady_peak_bits", usually.peak_bits_a_second, kBits, "steady_peak_bits", kExpected,
       "sent in the busiest hour of a day"},
      {"renewal_day_evaluations", renewal_evaluations(scenario), "evaluations", "renewal_day_evaluations",
       kExpected, "on a day of the week in which all move to a new epoch"},
      {"renewal_peak_bits", then.peak_bits_a_second, kBits, "renewal_peak_bits", kExpected,
       "the same in that week"}};
  if (speed) {
    section.figures.push_back({"steady_machines", usually.machines, "machines", "steady_machines",
                               kCalibrated, "machines of 4 cores, half busy then, two at least"});
    section.figures.push_back({"renewal_machines", then.machines, "machines", "renewal_machines", kCalibrated,
                               "the same in that week"});
  }
  out.push_back(std::move(section));
}

FigureSection errors(const Scenario& scenario) {
  const model::TagSpace space{.distinct_tags = scenario.subscribers, .labels = has_labels(scenario)};
  const model::CityYear city{
      .clients = scenario.clients,
      .contacts = scenario.contacts,
      .epochs_a_year = model::Rational(model::Integer(kYear), model::Integer(scenario.epoch_days))};
  const model::Rational lookup = model::false_positive_per_lookup(space);
  const model::Fraction run =
      model::false_positive_per_run(space, static_cast<std::uint32_t>(scenario.contacts));
  const auto likelihood = [](const auto& value) {
    return Likelihood{.value = model::to_double(value), .log2 = model::log2_of(value)};
  };
  return {
      "strangers shown as subscribers, by chance",
      {{"false_positive_per_lookup", likelihood(lookup), kPlain, "false_positive_per_lookup", kExact,
        "probability for one number"},
       {"false_positive_per_run", likelihood(run), kPlain, "false_positive_per_run", kExact,
        "that any of " + counted(scenario.contacts, "contact") + " is, of whom none subscribes"},
       {"false_positive_per_city_year", model::to_double(model::false_positives_per_city_year(space, city)),
        kPlain, "false_positive_per_city_year", kExact,
        "expected number of them that all clients are shown in a year"}}};
}

FigureSection sweep(const Scenario& scenario) {
  const auto figure = [](std::string name, std::uint64_t value, std::string_view unit,
                         std::string_view formula, std::string words) {
    Figure out{std::move(name), Never(), unit, formula, kExact, std::move(words)};
    if (value != model::kNever) {
      out.value = value;
    }
    return out;
  };
  FigureSection out{"what it costs to try every number of a country", {}};
  for (const model::NumberSpace& space : model::number_spaces()) {
    if (space.basis != "assigned") {
      continue;
    }
    const model::SweepCost cost = model::sweep_cost(space.numbers, scenario.allowance);
    const std::string name = "sweep_" + std::string(space.country);
    const std::string words = std::string(space.country) + ", " + grouped(space.numbers) + " numbers: ";
    out.figures.push_back(figure(name + "_accounts_at_once", cost.accounts_at_once, "accounts",
                                 "sweep_accounts_at_once", words + "fresh accounts, on one day"));
    out.figures.push_back(figure(name + "_days_with_one_account", cost.days_with_one_account, "days",
                                 "sweep_days_with_one_account", words + "days of one account"));
  }
  return out;
}

}  // namespace

std::string_view name_of(Certainty certainty) {
  switch (certainty) {
    case kExact:
      return "exact";
    case kExpected:
      return "expected";
    case kCalibrated:
      return "calibrated";
  }
  return {};
}

std::vector<FigureSection> figures_of(const Scenario& scenario, const Calibrated& calibration) {
  std::vector<FigureSection> out{objects(scenario)};
  add_client(out, scenario, calibration);
  add_service(out, scenario, calibration);
  add_rush(out, scenario, calibration);
  add_upkeep(out, scenario, calibration);
  out.push_back(errors(scenario));
  out.push_back(sweep(scenario));
  return out;
}

std::vector<std::string> remarks_on(const Scenario& scenario) {
  std::vector<std::string> out;
  // A run a day, and all contacts anew at the beginning of each epoch.
  const std::uint64_t days = scenario.life.epoch_days;
  const std::uint64_t taken = model::kScheduledBatch + (elements_of(scenario.life) + days - 1) / days;
  if (scenario.allowance.refill_per_day < taken) {
    out.push_back("a client takes " + grouped(taken) +
                  " evaluations a day in the mean, and this allowance gives back " +
                  grouped(scenario.allowance.refill_per_day) + ": accounts run dry");
  }
  if (model::expected_patch_bytes(scenario.life.directory, scenario.life.daily) >=
      model::expected_directory_bytes(scenario.life.directory)) {
    out.emplace_back(
        "with this churn a patch is no shorter than the directory, which is fetched in its place");
  }
  const double launch =
      model::load_of(number_of(scenario.clients), scenario.life, *scenario.rush).busiest_day_evaluations;
  const double most = std::max(launch, renewal_evaluations(scenario));
  if (most > number_of(service::kDefaultCeilingFloor)) {
    out.push_back(
        "a service refuses what is above " + grouped(service::kDefaultCeilingFloor) +
        " evaluations a day, or 3 times its median day, unless ceiling_floor in config.json says "
        "more: " +
        grouped(static_cast<std::uint64_t>(std::ceil(most))) +
        (launch >= most ? " for the launch" : " for the week in which clients move to a new epoch"));
  }
  if (scenario.clients > scenario.subscribers) {
    out.emplace_back("more clients than subscribers: clients who do not subscribe are among them");
  }
  return out;
}

}  // namespace blindbook::cli
