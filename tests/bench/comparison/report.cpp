#include "tests/bench/comparison/report.h"

#include <sstream>

#include "tests/bench/comparison/published_figures.h"

namespace blindbook::bench {
namespace {

using nlohmann::ordered_json;

template <class T>
ordered_json list_of(const std::vector<T>& items) {
  ordered_json out = ordered_json::array();
  for (const T& item : items) {
    out.push_back(json_of(item));
  }
  return out;
}

}  // namespace

ordered_json protocols_json(const std::vector<std::string>& names) {
  ordered_json out = ordered_json::array();
  for (const std::string& name : names) {
    const Protocol& protocol = *find_protocol(name);
    ordered_json cap = nullptr;
    if (protocol.cap) {
      cap = {{"subscribers", protocol.cap->subscribers},
             {"contacts", protocol.cap->contacts},
             {"why", protocol.cap->why}};
    }
    out.push_back({{"name", protocol.name},
                   {"title", protocol.title},
                   {"source", protocol.source},
                   {"hides_contacts", protocol.hides_contacts},
                   {"hides_subscribers", protocol.hides_subscribers},
                   {"service_learns", protocol.service_learns},
                   {"client_learns", protocol.client_learns},
                   {"note", protocol.note},
                   {"cap", cap}});
  }
  return out;
}

ordered_json comparison_json(const Comparison& comparison) {
  const Plan& plan = comparison.plan;
  return {{"schema", "blindbook.bench/1"},
          {"environment", comparison.environment},
          {"grid", json_of(plan.grid)},
          {"networks", networks_json()},
          {"protocols", protocols_json(plan.grid.protocols)},
          {"setups", list_of(comparison.setups)},
          {"runs", list_of(comparison.runs)},
          {"summary", list_of(summarise(plan.grid, comparison.setups, comparison.runs))},
          {"capped", json_of(plan.left_out)},
          {"published", published_figures()},
          {"attack", nullptr}};
}

std::string comparison_csv(const Comparison& comparison) {
  std::ostringstream out;
  out << "protocol,subscribers,contacts,rounds,setup_cpu_seconds,service_cpu_seconds,client_cpu_seconds,"
         "online_cpu_seconds,online_cpu_seconds_least,online_cpu_seconds_most,online_bytes,download_bytes,"
         "messages,"
         "round_trips,service_peak_bytes,client_peak_bytes,missed,false_matches";
  const ordered_json networks = networks_json();
  for (const auto& network : networks) {
    out << ",seconds_on_" << network.at("name").get<std::string>();
  }
  out << '\n';
  for (const Summary& row : summarise(comparison.plan.grid, comparison.setups, comparison.runs)) {
    out << row.protocol << ',' << row.subscribers << ',' << row.contacts << ',' << row.rounds << ','
        << row.setup_cpu_seconds.median << ',' << row.service_cpu_seconds.median << ','
        << row.client_cpu_seconds.median << ',' << row.online_cpu_seconds.median << ','
        << row.online_cpu_seconds.least << ',' << row.online_cpu_seconds.most << ',' << row.online_bytes
        << ',' << row.download_bytes << ',' << row.messages << ',' << row.round_trips << ','
        << row.service_peak_bytes << ',' << row.client_peak_bytes << ',' << row.missed << ','
        << row.false_matches;
    for (const auto& network : networks) {
      out << ',' << row.network_seconds.at(network.at("name").get<std::string>());
    }
    out << '\n';
  }
  return out.str();
}

}  // namespace blindbook::bench
