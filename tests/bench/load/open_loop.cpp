// How long people wait for `blindbook serve` when they come as they like, not when it is free.
//
//   blindbook-open-load PROGRAM [--rate 50] [--seconds 20] [--batch 1024] [--connections 64] [--seed 1]
//
// Starts PROGRAM serve on loopback with an operator made for it, over TLS. Requests, each of an account of its own and
// blinded beforehand, have starts drawn as a Poisson process of --rate a second. A latency is counted from the intended
// start: a request that finds no connection free waits, and its wait counts, so that a service that stalls cannot slow down
// those who measure it ("coordinated omission"). What is refused with 503 is counted and not timed. Prints one object of JSON.
//
// Service and generator share the cores of this process, so that latencies are those of a machine that is busier than the
// service alone would make it.

#include <algorithm>
#include <atomic>
#include <cmath>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/service/http/client.h"

#include "tests/bench/load/clients.h"
#include "tests/bench/load/figures.h"
#include "tests/bench/load/options.h"
#include "tests/bench/load/program.h"
#include "tests/bench/served_operator.h"

namespace blindbook::bench {
namespace {

struct Options {
  std::string program;
  std::size_t rate = 50;  // requests a second
  std::size_t seconds = 20;
  std::size_t batch = 1024;
  std::size_t connections = 64;
  std::size_t seed = 1;
};

Options options_of(const std::vector<std::string>& words) {
  Options out;
  out.program = parse_options(words,
                              {{"--rate", &out.rate},
                               {"--seconds", &out.seconds},
                               {"--batch", &out.batch},
                               {"--connections", &out.connections},
                               {"--seed", &out.seed}},
                              "usage: blindbook-open-load PROGRAM [--rate N] [--seconds N] [--batch N] "
                              "[--connections N] [--seed N]");
  if (out.rate == 0 || out.seconds == 0 || out.connections == 0) {
    throw std::runtime_error("rate, seconds and connections are at least 1");
  }
  return out;
}

/// Seconds after the beginning at which requests are to start, ascending: a Poisson process.
std::vector<double> intended_starts(const Options& options) {
  std::mt19937_64 random(options.seed);
  std::exponential_distribution<double> gap(static_cast<double>(options.rate));
  std::vector<double> out;
  for (double at = gap(random); at < static_cast<double>(options.seconds); at += gap(random)) {
    out.push_back(at);
  }
  return out;
}

void sleep_until(double seconds) {
  timespec time{};
  time.tv_sec = static_cast<time_t>(std::floor(seconds));
  time.tv_nsec = static_cast<long>((seconds - std::floor(seconds)) * 1e9);
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) == EINTR) {
  }
}

struct Counts {
  std::atomic<std::size_t> refused{0};
  std::atomic<std::size_t> failed{0};
  std::atomic<std::size_t> late{0};  // no connection was free
};

void send_as_intended(std::vector<service::http::HttpConnection>& connections,
                      std::vector<Exchange>& exchanges, const std::vector<double>& starts, Counts& counts) {
  constexpr double kLate = 1e-3;
  const double begin = seconds_of(CLOCK_MONOTONIC) + 0.1;
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  threads.reserve(connections.size());
  for (service::http::HttpConnection& connection : connections) {
    threads.emplace_back([&] {
      for (std::size_t i = next++; i < exchanges.size(); i = next++) {
        const double start = begin + starts[i];
        counts.late += seconds_of(CLOCK_MONOTONIC) > start + kLate ? 1 : 0;
        sleep_until(start);
        Exchange& one = exchanges[i];
        auto answer =
            connection.post("/v1/evaluate", "application/octet-stream", one.body, one.authorization);
        one.seconds = seconds_of(CLOCK_MONOTONIC) - start;
        if (answer && answer->status == 200) {
          one.answer = std::move(answer->body);
        } else if (answer && answer->status == 503) {
          ++counts.refused;
        } else {
          ++counts.failed;
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

nlohmann::ordered_json measure(const Options& options) {
  ServedOperator served(options.program);
  Clients clients(served.folder());
  const oprf::Suite& suite = served.folder().suite();
  const std::vector<double> starts = intended_starts(options);
  std::vector<Exchange> exchanges;
  exchanges.reserve(starts.size());
  for (std::size_t i = 0; i < starts.size(); ++i) {
    exchanges.push_back(clients.request(options.batch));
  }
  std::vector<service::http::HttpConnection> connections;
  for (std::size_t i = 0; i < options.connections; ++i) {
    connections.push_back(
        service::http::HttpConnection::open(served.endpoint(), {.ca_file = served.ca_file()}, {}).value());
  }
  Counts counts;
  const double service_before = served.cpu_seconds();
  const double before = seconds_of(CLOCK_MONOTONIC);
  send_as_intended(connections, exchanges, starts, counts);
  const double wall = seconds_of(CLOCK_MONOTONIC) - before;
  const double service_cpu = served.cpu_seconds() - service_before;
  if (counts.failed > 0) {
    throw std::runtime_error(std::to_string(counts.failed) + " requests failed");
  }

  std::vector<double> latencies;
  for (Exchange& exchange : exchanges) {
    if (exchange.answer.empty()) {
      continue;
    }
    static_cast<void>(parse(exchange, suite, options.batch));
    latencies.push_back(1e3 * exchange.seconds);
    if (!exchange.batch.empty()) {
      verify(std::move(exchange), suite, clients.epoch());
    }
  }
  if (latencies.empty()) {
    throw std::runtime_error("nothing was answered");
  }
  const auto evaluations = static_cast<double>(latencies.size() * options.batch);
  return {{"kernel", cpu::kernel_in_use().value()},
          {"cores", usable_cores().size()},
          {"rate", options.rate},
          {"batch", options.batch},
          {"connections", options.connections},
          {"requests", exchanges.size()},
          {"answered", latencies.size()},
          {"refused", counts.refused.load()},
          {"late_starts", counts.late.load()},
          {"wall_seconds", wall},
          {"service_cpu_seconds", service_cpu},
          {"evaluations_per_service_cpu_second", evaluations / service_cpu},
          {"most_megabytes", served.most_megabytes()},
          {"latency_ms",
           {{"median", percentile(latencies, 50)},
            {"p90", percentile(latencies, 90)},
            {"p99", percentile(latencies, 99)},
            {"most", percentile(latencies, 100)}}}};
}

}  // namespace
}  // namespace blindbook::bench

int main(int argc, char** argv) {
  return blindbook::bench::run_program(
      "blindbook-open-load", argc, argv, [](const std::vector<std::string>& words) {
        return blindbook::bench::measure(blindbook::bench::options_of(words));
      });
}
