// How much `blindbook serve` evaluates, end to end: TLS, tokens, ledger, evaluation, proof.
//
//   blindbook-serve-load PROGRAM [--batch 1024] [--requests 400] [--connections 8]
//
// Starts PROGRAM serve on loopback with an operator made for it, and sends requests that were blinded before the clock
// starts, each with points, account and token of its own, over connections that stay open. Every answer is held against
// its request, and each sixteenth is verified and finalized afterwards. Prints one object of JSON.
// `cpu_over_bare_evaluation` is what all of it costs over decoding, evaluating and proving alone, on as many cores.
//
// Service and generator share the cores of this process (taskset limits both). The generator's work would be other
// machines', so `evaluations_per_second` divides by the time that was left for the service: the wall time less the
// generator's CPU time spread over the cores. Time in which a core idles, or waits for the disk, counts against the
// service; so does, and should not, what the machine does besides: `others_cpu_seconds`.

#include <algorithm>
#include <atomic>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/protocol/codec.h"
#include "blindbook/protocol/server.h"
#include "blindbook/service/http/client.h"

#include "tests/bench/load/clients.h"
#include "tests/bench/load/figures.h"
#include "tests/bench/load/options.h"
#include "tests/bench/load/program.h"
#include "tests/bench/served_operator.h"

namespace blindbook::bench {
namespace {

constexpr std::size_t kWarmUp = 16;  // requests before the clock starts

struct Options {
  std::string program;
  std::size_t batch = 1024;
  std::size_t requests = 400;
  std::size_t connections = 8;
};

Options options_of(const std::vector<std::string>& words) {
  Options out;
  out.program = parse_options(
      words, {{"--batch", &out.batch}, {"--requests", &out.requests}, {"--connections", &out.connections}},
      "usage: blindbook-serve-load PROGRAM [--batch N] [--requests N] [--connections N]");
  return out;
}

/// Sends exchanges [first, last), whichever is next over whichever connection is free.
void send_all(std::vector<service::http::HttpConnection>& connections, std::vector<Exchange>& exchanges,
              std::size_t first, std::size_t last) {
  std::atomic<std::size_t> next{first};
  std::atomic<std::size_t> failures{0};
  std::vector<std::thread> threads;
  threads.reserve(connections.size());
  for (service::http::HttpConnection& connection : connections) {
    threads.emplace_back([&] {
      for (std::size_t i = next++; i < last; i = next++) {
        Exchange& one = exchanges[i];
        const double start = seconds_of(CLOCK_MONOTONIC);
        auto answer =
            connection.post("/v1/evaluate", "application/octet-stream", one.body, one.authorization);
        one.seconds = seconds_of(CLOCK_MONOTONIC) - start;
        if (answer && answer->status == 200) {
          one.answer = std::move(answer->body);
        } else if (failures++ == 0) {
          std::cerr << (answer ? "status " + std::to_string(answer->status) : answer.error().message) << "\n";
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  if (failures > 0) {
    throw std::runtime_error(std::to_string(failures) + " requests failed");
  }
}

/// CPU seconds to decode, evaluate and prove exchanges [first, last): what a service must do, without ledger, tokens, HTTP and
/// TLS. By `threads`, as many as the service keeps busy: cores that share caches and clock take longer when all of them work.
double bare_cpu_seconds(const std::vector<Exchange>& exchanges, std::size_t first, std::size_t last,
                        service::OperatorFolder& folder, std::size_t threads) {
  const UnixTime now(static_cast<std::uint64_t>(seconds_of(CLOCK_REALTIME)));
  const protocol::Evaluator evaluator(folder.load_epoch_keys(now).value());
  std::atomic<std::size_t> next{first};
  const auto evaluate = [&] {
    SystemRandom random;
    for (std::size_t i = next++; i < last; i = next++) {
      const auto request = protocol::parse_request(exchanges[i].body).value();
      auto work = evaluator.accept(exchanges[i].body, request, *evaluator.live_key(request, now)).value();
      work.evaluate(0, work.count());
      static_cast<void>(std::move(work).answer(0, random).value());
    }
  };
  const double before = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  std::vector<std::thread> evaluating;
  evaluating.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    evaluating.emplace_back(evaluate);
  }
  for (std::thread& thread : evaluating) {
    thread.join();
  }
  return seconds_of(CLOCK_PROCESS_CPUTIME_ID) - before;
}

nlohmann::ordered_json measure(const Options& options) {
  ServedOperator served(options.program);
  Clients clients(served.folder());
  const oprf::Suite& suite = served.folder().suite();
  std::vector<Exchange> exchanges;
  for (std::size_t i = 0; i < kWarmUp + options.requests; ++i) {
    exchanges.push_back(clients.request(options.batch));
  }
  std::vector<service::http::HttpConnection> connections;
  for (std::size_t i = 0; i < options.connections; ++i) {
    connections.push_back(
        service::http::HttpConnection::open(served.endpoint(), {.ca_file = served.ca_file()}, {}).value());
  }
  send_all(connections, exchanges, 0, kWarmUp);
  // Half of it before and half of it after, so that a machine that grows slower or faster meanwhile does so to both.
  const std::size_t half = kWarmUp + options.requests / 2;
  const std::vector<std::size_t> cores = usable_cores();
  double bare_cpu = bare_cpu_seconds(exchanges, kWarmUp, half, served.folder(), cores.size());

  const double idle_before = idle_seconds(cores);
  const double service_before = served.cpu_seconds();
  const double generator_before = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  const double before = seconds_of(CLOCK_MONOTONIC);
  send_all(connections, exchanges, kWarmUp, exchanges.size());
  const double wall = seconds_of(CLOCK_MONOTONIC) - before;
  const double generator_cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - generator_before;
  const double service_cpu = served.cpu_seconds() - service_before;
  const double idle = idle_seconds(cores) - idle_before;
  bare_cpu += bare_cpu_seconds(exchanges, half, exchanges.size(), served.folder(), cores.size());

  std::vector<double> latencies;
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    static_cast<void>(parse(exchanges[i], suite, options.batch));
    if (i >= kWarmUp) {
      latencies.push_back(exchanges[i].seconds);
    }
    if (!exchanges[i].batch.empty()) {
      verify(std::move(exchanges[i]), suite, clients.epoch());
    }
  }
  const auto evaluations = static_cast<double>(options.requests * options.batch);
  const auto parallel = static_cast<double>(cores.size());
  return {{"kernel", cpu::kernel_in_use().value()},
          {"cores", cores.size()},
          {"batch", options.batch},
          {"connections", options.connections},
          {"requests", options.requests},
          {"evaluations_per_second", evaluations / (wall - generator_cpu / parallel)},
          {"evaluations_per_wall_second", evaluations / wall},
          {"evaluations_per_service_cpu_second", evaluations / service_cpu},
          {"cpu_over_bare_evaluation", service_cpu / bare_cpu},
          {"wall_seconds", wall},
          {"service_cpu_seconds", service_cpu},
          {"generator_cpu_seconds", generator_cpu},
          {"idle_seconds", idle},
          {"others_cpu_seconds", parallel * wall - service_cpu - generator_cpu - idle},
          {"latency_ms",
           {{"median", 1e3 * percentile(latencies, 50)}, {"p95", 1e3 * percentile(latencies, 95)}}}};
}

}  // namespace
}  // namespace blindbook::bench

int main(int argc, char** argv) {
  return blindbook::bench::run_program(
      "blindbook-serve-load", argc, argv, [](const std::vector<std::string>& words) {
        return blindbook::bench::measure(blindbook::bench::options_of(words));
      });
}
