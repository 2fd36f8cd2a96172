#include "tests/bench/comparison/results.h"

#include <nlohmann/json.hpp>

#include "tests/bench/json_figures.h"

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
  out.subscribers = whole_figure(json, "subscribers");
  out.cpu_seconds = real_figure(json, "cpu_seconds");
  out.wall_seconds = real_figure(json, "wall_seconds");
  out.published_bytes = whole_figure(json, "published_bytes");
  out.peak_bytes = whole_figure(json, "peak_bytes");
  return out;
}

Run run_of(const nlohmann::ordered_json& json) {
  Run out;
  json.at("protocol").get_to(out.protocol);
  out.subscribers = whole_figure(json, "subscribers");
  out.contacts = whole_figure(json, "contacts");
  out.round = whole_figure(json, "round");
  json.at("warm_up").get_to(out.warm_up);
  const auto& service = json.at("service");
  out.service.cpu_seconds = real_figure(service, "cpu_seconds");
  out.service.bytes_sent = whole_figure(service, "bytes_sent");
  out.service.messages_sent = whole_figure(service, "messages_sent");
  out.service.peak_bytes = whole_figure(service, "peak_bytes");
  const auto& client = json.at("client");
  out.client.ask_cpu_seconds = real_figure(client, "ask_cpu_seconds");
  out.client.match_cpu_seconds = real_figure(client, "match_cpu_seconds");
  out.client.bytes_sent = whole_figure(client, "bytes_sent");
  out.client.messages_sent = whole_figure(client, "messages_sent");
  out.client.peak_bytes = whole_figure(client, "peak_bytes");
  out.download_bytes = whole_figure(json, "download_bytes");
  out.wall_seconds = real_figure(json, "wall_seconds");
  out.round_trips = whole_figure(json, "round_trips");
  out.matches = whole_figure(json, "matches");
  out.missed = whole_figure(json, "missed");
  out.false_matches = whole_figure(json, "false_matches");
  return out;
}

}  // namespace blindbook::bench
