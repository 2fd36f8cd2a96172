#include "tests/bench/comparison/report.h"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "tests/bench/comparison/environment.h"
#include "tests/bench/comparison/grid_progress.h"

namespace blindbook::bench {
namespace {

/// Two protocols, the second of which is capped at one size, three rounds and a warm-up, with figures that are easy to follow.
Comparison a_comparison() {
  Comparison out;
  out.environment = environment_at_start();
  out.environment["finished"] = time_now();
  out.plan.grid = {
      .protocols = {"naive", "sha256"}, .subscribers = {10, 20}, .contacts = {4}, .rounds = 3, .seed = 1};
  out.plan.left_out = {{"sha256", 20, 4, "capped at 10 subscribers: for this test"}};
  for (const auto& [protocol, subscribers] :
       {std::pair<std::string, std::size_t>{"naive", 10}, {"sha256", 10}, {"naive", 20}}) {
    Setup setup;
    setup.protocol = protocol;
    setup.subscribers = subscribers;
    setup.cpu_seconds = 7;
    out.setups.push_back(setup);
    for (std::size_t round = 0; round < 4; ++round) {
      Run run;
      run.protocol = protocol;
      run.subscribers = subscribers;
      run.contacts = 4;
      run.round = round;
      run.warm_up = round == 0;
      run.service.cpu_seconds = round == 0 ? 1000 : static_cast<double>(round);
      run.service.bytes_sent = 30;
      run.service.messages_sent = 1;
      run.service.peak_bytes = 100 + round;
      run.client.ask_cpu_seconds = 0.5;
      run.client.match_cpu_seconds = 0.25;
      run.client.bytes_sent = 12;
      run.client.messages_sent = 2;
      run.client.peak_bytes = 200 + round;
      run.round_trips = 1;
      run.matches = 1;
      run.false_matches = round == 2 ? 1 : 0;
      out.runs.push_back(run);
    }
  }
  return out;
}

TEST_CASE("the median of an even number of figures lies between the two in the middle") {
  CHECK(figure_of({3}).median == 3);
  CHECK(figure_of({9, 1, 5}).median == 5);
  CHECK(figure_of({9, 1, 5, 6}).median == 5.5);
  CHECK(figure_of({9, 1, 5, 6}).least == 1);
  CHECK(figure_of({9, 1, 5, 6}).most == 9);
}

TEST_CASE("a summary is of the rounds that count, place by place, in the order of the grid") {
  const Comparison comparison = a_comparison();
  const auto rows = summarise(comparison.plan.grid, comparison.setups, comparison.runs);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].protocol == "naive");
  CHECK(rows[1].protocol == "sha256");
  CHECK(rows[2].subscribers == 20);
  const Summary& row = rows[0];
  CHECK(row.rounds == 3);
  CHECK(row.setup_cpu_seconds.median == 7);
  CHECK(row.service_cpu_seconds.median == 2);
  CHECK(row.service_cpu_seconds.most == 3);
  CHECK(row.client_cpu_seconds.median == 0.75);
  CHECK(row.online_cpu_seconds.median == 2.75);
  CHECK(row.online_cpu_seconds.least == 1.75);
  CHECK(row.online_bytes == 42);
  CHECK(row.messages == 3);
  CHECK(row.service_peak_bytes == 103);
  CHECK(row.client_peak_bytes == 203);
  CHECK(row.false_matches == 1);
  CHECK(row.missed == 0);
  // LTE: 12 bytes up at 3 Mbit/s, 30 down at 4 Mbit/s, one round trip and two of the connection at 20 ms.
  CHECK(row.network_seconds.at("LTE") == Approx(0.06 + 12 * 8 / 3e6 + 30 * 8 / 4e6));
  CHECK(row.network_seconds.size() == networks_json().size());
}

TEST_CASE("the JSON of a comparison has what its schema says and no more") {
  const nlohmann::ordered_json json = comparison_json(a_comparison());
  const auto names = [](const nlohmann::ordered_json& object) {
    std::string out;
    for (const auto& [name, value] : object.items()) {
      out += (out.empty() ? "" : " ") + name;
    }
    return out;
  };
  CHECK(names(json) ==
        "schema environment grid networks protocols setups runs summary capped published attack");
  CHECK(json["schema"] == "blindbook.bench/1");
  CHECK(
      names(json["environment"]) ==
      "machine cores memory_bytes system compiler commit openssl boost parties started finished load_before "
      "resumed");
  CHECK(names(json["grid"]) == "protocols subscribers contacts rounds warm_up seed");
  CHECK(names(json["networks"][0]) == "name down_bits_per_second up_bits_per_second round_trip_ms source");
  CHECK(names(json["protocols"][0]) ==
        "name title source hides_contacts hides_subscribers service_learns client_learns note cap");
  CHECK(names(json["setups"][0]) ==
        "protocol subscribers cpu_seconds wall_seconds published_bytes peak_bytes");
  CHECK(names(json["runs"][0]) ==
        "protocol subscribers contacts round warm_up service client download_bytes wall_seconds round_trips "
        "matches "
        "missed false_matches");
  CHECK(names(json["runs"][0]["service"]) == "cpu_seconds bytes_sent messages_sent peak_bytes");
  CHECK(names(json["runs"][0]["client"]) ==
        "ask_cpu_seconds match_cpu_seconds bytes_sent messages_sent peak_bytes");
  CHECK(names(json["summary"][0]) ==
        "protocol subscribers contacts rounds setup_cpu_seconds service_cpu_seconds client_cpu_seconds "
        "online_cpu_seconds online_bytes download_bytes messages round_trips service_peak_bytes "
        "client_peak_bytes "
        "network_seconds missed false_matches");
  CHECK(names(json["summary"][0]["online_cpu_seconds"]) == "median least most");
  CHECK(names(json["capped"][0]) == "protocol subscribers contacts why");
  CHECK(json["published"].is_array());
  CHECK(json["attack"].is_null());
  CHECK(json["runs"].size() == 12);
}

TEST_CASE("the text has a table for each pair of sizes, what was left out and who learns what") {
  const std::string text = comparison_text(a_comparison());
  for (const char* const part :
       {"10 subscribers, 4 contacts", "20 subscribers, 4 contacts", "2.75 s", "+-36 %", "42 bytes",
        "0 missed, 1 false", "sha256: capped at 10 subscribers: for this test (20 x 4)",
        "naive: Upload of the address book", "the service learns   every contact",
        "Hetz, Schneider, Weinert: Scaling Mobile Private Contact Discovery",
        "1,024 contacts, online 2.00 s"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("the CSV has a heading and as many cells in each row") {
  const std::string csv = comparison_csv(a_comparison());
  const std::size_t heading = csv.find('\n');
  const auto commas = std::count(csv.begin(), csv.begin() + static_cast<std::ptrdiff_t>(heading), ',');
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 4);
  CHECK(std::count(csv.begin(), csv.end(), ',') == 4 * commas);
  CHECK(csv.find("naive,10,4,3,7,2,0.75,2.75,1.75,3.75,42,0,3,1,103,203,0,1,") != std::string::npos);
}

TEST_CASE("progress says what is measured, how much is done and what is left") {
  CHECK(grid_progress_line("naive: 10 x 4", 0.5, 89, true) ==
        "comparing [############------------]  50 %  naive: 10 x 4  about 90 seconds left");
  CHECK(grid_progress_line("naive: 10 x 4", 2, -3, false) ==
        "comparing 100 %  naive: 10 x 4  about 1 second left");
}

}  // namespace
}  // namespace blindbook::bench
