#include "tests/bench/comparison/results.h"

#include <nlohmann/json.hpp>

namespace blindbook::bench {

nlohmann::ordered_json json_of(const Setup& setup) {
  return {{"protocol", setup.protocol},
          {"subscribers", setup.subscribers},
          {"cpu_seconds", setup.cpu_seconds},
          {"wall_seconds", setup.wall_seconds},
          {"published_bytes", setup.published_bytes},
          {"peak_bytes", setup.peak_bytes}};
}

nlohmann::ordered_json json_of(const Run& run) {
  return {{"protocol", run.protocol},
          {"subscribers", run.subscribers},
          {"contacts", run.contacts},
          {"round", run.round},
          {"warm_up", run.warm_up},
          {"service",
           {{"cpu_seconds", run.service.cpu_seconds},
            {"bytes_sent", run.service.bytes_sent},
            {"messages_sent", run.service.messages_sent},
            {"peak_bytes", run.service.peak_bytes}}},
          {"client",
           {{"ask_cpu_seconds", run.client.ask_cpu_seconds},
            {"match_cpu_seconds", run.client.match_cpu_seconds},
            {"bytes_sent", run.client.bytes_sent},
            {"messages_sent", run.client.messages_sent},
            {"peak_bytes", run.client.peak_bytes}}},
          {"download_bytes", run.download_bytes},
          {"wall_seconds", run.wall_seconds},
          {"round_trips", run.round_trips},
          {"matches", run.matches},
          {"missed", run.missed},
          {"false_matches", run.false_matches}};
}

Setup setup_of(const nlohmann::ordered_json& json) {
  Setup out;
  json.at("protocol").get_to(out.protocol);
  json.at("subscribers").get_to(out.subscribers);
  json.at("cpu_seconds").get_to(out.cpu_seconds);
  json.at("wall_seconds").get_to(out.wall_seconds);
  json.at("published_bytes").get_to(out.published_bytes);
  json.at("peak_bytes").get_to(out.peak_bytes);
  return out;
}

Run run_of(const nlohmann::ordered_json& json) {
  Run out;
  json.at("protocol").get_to(out.protocol);
  json.at("subscribers").get_to(out.subscribers);
  json.at("contacts").get_to(out.contacts);
  json.at("round").get_to(out.round);
  json.at("warm_up").get_to(out.warm_up);
  const auto& service = json.at("service");
  service.at("cpu_seconds").get_to(out.service.cpu_seconds);
  service.at("bytes_sent").get_to(out.service.bytes_sent);
  service.at("messages_sent").get_to(out.service.messages_sent);
  service.at("peak_bytes").get_to(out.service.peak_bytes);
  const auto& client = json.at("client");
  client.at("ask_cpu_seconds").get_to(out.client.ask_cpu_seconds);
  client.at("match_cpu_seconds").get_to(out.client.match_cpu_seconds);
  client.at("bytes_sent").get_to(out.client.bytes_sent);
  client.at("messages_sent").get_to(out.client.messages_sent);
  client.at("peak_bytes").get_to(out.client.peak_bytes);
  json.at("download_bytes").get_to(out.download_bytes);
  json.at("wall_seconds").get_to(out.wall_seconds);
  json.at("round_trips").get_to(out.round_trips);
  json.at("matches").get_to(out.matches);
  json.at("missed").get_to(out.missed);
  json.at("false_matches").get_to(out.false_matches);
  return out;
}

}  // namespace blindbook::bench
