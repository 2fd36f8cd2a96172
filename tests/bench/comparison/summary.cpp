#include "tests/bench/comparison/summary.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "blindbook/model/network.h"

namespace blindbook::bench {
namespace {

template <class Get>
Figure figure_over(const std::vector<const Run*>& runs, Get get) {
  std::vector<double> values;
  for (const Run* const run : runs) {
    values.push_back(get(*run));
  }
  return figure_of(std::move(values));
}

template <class Get>
std::uint64_t median_count(const std::vector<const Run*>& runs, Get get) {
  return static_cast<std::uint64_t>(
      figure_over(runs, [&](const Run& run) { return static_cast<double>(get(run)); }).median);
}

double client_cpu(const Run& run) {
  return run.client.ask_cpu_seconds + run.client.match_cpu_seconds;
}

Summary summary_of(const std::vector<const Run*>& runs, const std::vector<double>& setups) {
  const Run& first = *runs.front();
  Summary out;
  out.protocol = first.protocol;
  out.subscribers = first.subscribers;
  out.contacts = first.contacts;
  out.rounds = runs.size();
  out.setup_cpu_seconds = figure_of(setups);
  out.service_cpu_seconds = figure_over(runs, [](const Run& run) { return run.service.cpu_seconds; });
  out.client_cpu_seconds = figure_over(runs, client_cpu);
  out.online_cpu_seconds =
      figure_over(runs, [](const Run& run) { return run.service.cpu_seconds + client_cpu(run); });
  out.online_bytes =
      median_count(runs, [](const Run& run) { return run.service.bytes_sent + run.client.bytes_sent; });
  out.sent_bytes = median_count(runs, [](const Run& run) { return run.client.bytes_sent; });
  out.download_bytes = median_count(runs, [](const Run& run) { return run.download_bytes; });
  out.messages =
      median_count(runs, [](const Run& run) { return run.service.messages_sent + run.client.messages_sent; });
  out.round_trips = median_count(runs, [](const Run& run) { return run.round_trips; });
  // One connection for all, on which the download is one more request.
  const model::Moved moved{.sent = out.sent_bytes,
                           .received = out.online_bytes - out.sent_bytes + out.download_bytes,
                           .requests = out.round_trips + (out.download_bytes > 0 ? 1 : 0),
                           .connections = 1};
  for (const model::NetworkPreset& network : model::network_presets()) {
    out.network_seconds[std::string(network.name)] = model::to_double(model::network_seconds(network, moved));
  }
  for (const Run* const run : runs) {
    out.service_peak_bytes = std::max(out.service_peak_bytes, run->service.peak_bytes);
    out.client_peak_bytes = std::max(out.client_peak_bytes, run->client.peak_bytes);
    out.missed += run->missed;
    out.false_matches += run->false_matches;
  }
  return out;
}

nlohmann::ordered_json json_of_figure(const Figure& figure) {
  return {{"median", figure.median}, {"least", figure.least}, {"most", figure.most}};
}

}  // namespace

Figure figure_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return {.median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2,
          .least = values.front(),
          .most = values.back()};
}

std::vector<Summary> summarise(const Grid& grid, const std::vector<Setup>& setups,
                               const std::vector<Run>& runs) {
  std::vector<Summary> out;
  for (const std::size_t subscribers : grid.subscribers) {
    for (const std::size_t contacts : grid.contacts) {
      for (const std::string& protocol : grid.protocols) {
        std::vector<const Run*> here;
        for (const Run& run : runs) {
          if (!run.warm_up && run.protocol == protocol && run.subscribers == subscribers &&
              run.contacts == contacts) {
            here.push_back(&run);
          }
        }
        std::vector<double> cpu;
        for (const Setup& setup : setups) {
          if (setup.protocol == protocol && setup.subscribers == subscribers) {
            cpu.push_back(setup.cpu_seconds);
          }
        }
        if (!here.empty() && !cpu.empty()) {
          out.push_back(summary_of(here, cpu));
        }
      }
    }
  }
  return out;
}

nlohmann::ordered_json json_of(const Summary& summary) {
  return {{"protocol", summary.protocol},
          {"subscribers", summary.subscribers},
          {"contacts", summary.contacts},
          {"rounds", summary.rounds},
          {"setup_cpu_seconds", json_of_figure(summary.setup_cpu_seconds)},
          {"service_cpu_seconds", json_of_figure(summary.service_cpu_seconds)},
          {"client_cpu_seconds", json_of_figure(summary.client_cpu_seconds)},
          {"online_cpu_seconds", json_of_figure(summary.online_cpu_seconds)},
          {"online_bytes", summary.online_bytes},
          {"download_bytes", summary.download_bytes},
          {"messages", summary.messages},
          {"round_trips", summary.round_trips},
          {"service_peak_bytes", summary.service_peak_bytes},
          {"client_peak_bytes", summary.client_peak_bytes},
          {"network_seconds", summary.network_seconds},
          {"missed", summary.missed},
          {"false_matches", summary.false_matches}};
}

nlohmann::ordered_json networks_json() {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const model::NetworkPreset& network : model::network_presets()) {
    out.push_back({{"name", network.name},
                   {"down_bits_per_second", network.down_kbit_s * 1'000},
                   {"up_bits_per_second", network.up_kbit_s * 1'000},
                   {"round_trip_ms", network.round_trip_ms},
                   {"source", network.source}});
  }
  return out;
}

}  // namespace blindbook::bench
