// How much `blindbook serve` evaluates, end to end: TLS, tokens, ledger, evaluation, proof.
//
//   blindbook-serve-load PROGRAM [--batch 1024] [--requests 400] [--connections 8]
//
// Starts PROGRAM serve on loopback with an operator made for it, and sends requests that were blinded before the clock
// starts, each with points, account and token of its own, over connections that stay open. Every answer is held against
// its request, and every kCheckedth is verified and finalized afterwards. Prints one object of JSON.
//
// Service and generator share the cores of this process (taskset limits both). The generator's work would be other
// machines', so `evaluations_per_second` divides by the time that was left for the service: the wall time less the
// generator's CPU time spread over the cores. Time in which a core idles, or waits for the disk, counts against the
// service; so does, and should not, what the machine does besides: `others_cpu_seconds`.

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>
#include <sched.h>

#include "blindbook/base/random.h"
#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/codec.h"
#include "blindbook/protocol/token.h"
#include "blindbook/service/http/client.h"

#include "tests/bench/served_operator.h"

namespace blindbook::bench {
namespace {

constexpr std::size_t kCheckedEvery =
    16;                              // answers that are verified, kept in memory until the clock has stopped
constexpr std::size_t kWarmUp = 16;  // requests before the clock starts

struct Options {
  std::string program;
  std::size_t batch = 1024;
  std::size_t requests = 400;
  std::size_t connections = 8;
};

Options parse_options(const std::vector<std::string>& words) {
  Options out;
  const std::map<std::string, std::size_t*> numbers{
      {"--batch", &out.batch}, {"--requests", &out.requests}, {"--connections", &out.connections}};
  bool good = words.size() % 2 == 1;
  for (std::size_t i = 1; good && i < words.size(); i += 2) {
    const auto found = numbers.find(words[i]);
    const char* const end = words[i + 1].data() + words[i + 1].size();
    good = found != numbers.end() &&
           std::from_chars(words[i + 1].data(), end, *found->second) == std::from_chars_result{end, {}} &&
           *found->second > 0;
  }
  if (!good) {
    throw std::runtime_error(
        "usage: blindbook-serve-load PROGRAM [--batch N] [--requests N] [--connections N]");
  }
  out.program = words.front();
  return out;
}

/// One request of one account, and what came of it.
struct Exchange {
  Bytes body;
  std::string authorization;
  Bytes answer = {};
  double seconds = 0;
  std::vector<Bytes> inputs = {};             // of those whose answers are verified
  std::vector<oprf::ClientBatch> batch = {};  // one, of those
};

/// Makes requests for the living epoch of an operator.
class Clients {
 public:
  explicit Clients(service::OperatorFolder& folder)
      : folder_(folder),
        now_(static_cast<std::uint64_t>(seconds_of(CLOCK_REALTIME))),
        epochs_(folder.load_epoch_keys(now_).value()),
        token_key_(folder.load_token_key().value()) {}

  [[nodiscard]] const protocol::EpochKey& epoch() const { return epochs_.front(); }

  [[nodiscard]] Exchange request(std::size_t index, std::size_t count) {
    const protocol::EpochKey& key = epoch();
    std::vector<Bytes> inputs(count, Bytes(16));
    std::vector<ByteView> views;
    for (Bytes& input : inputs) {
      random_.fill(input);
      views.emplace_back(input);
    }
    oprf::BlindResult blinded = folder_.suite().blind(views, random_, key.keys.public_key);
    Exchange out{.body = protocol::encode_request(key.keys.public_key, key.id,
                                                  static_cast<std::uint32_t>(count), blinded.elements),
                 .authorization = "Bearer " + token("account-" + std::to_string(index))};
    if (index % kCheckedEvery == 0) {
      out.inputs = std::move(inputs);
      out.batch.push_back(std::move(blinded.batch));
    }
    return out;
  }

 private:
  [[nodiscard]] std::string token(const std::string& account) {
    const protocol::Issuer& issuer = folder_.config().issuers.front();
    return protocol::mint_token(token_key_,
                                {.issuer = issuer.name,
                                 .kid = issuer.kid,
                                 .audience = folder_.operator_id(),
                                 .account = account,
                                 .issued_at = now_,
                                 .life_seconds = protocol::kMaxTokenLife},
                                random_)
        .value();
  }

  service::OperatorFolder& folder_;
  SystemRandom random_;
  UnixTime now_;
  std::vector<protocol::EpochKey> epochs_;
  protocol::Ed25519SecretKey token_key_;
};

/// The answer of `exchange`, which must be one. Throws otherwise.
protocol::EvaluateAnswer parse(const Exchange& exchange, const oprf::Suite& suite, std::size_t count) {
  return protocol::parse_answer(exchange.answer, suite.sizes(), protocol::digest_of_request(exchange.body),
                                static_cast<std::uint32_t>(count))
      .value();
}

/// Verifies the proof, unblinds, and computes the same without blinding.
void verify(Exchange exchange, const oprf::Suite& suite, const protocol::EpochKey& epoch) {
  const std::size_t count = exchange.inputs.size();
  const protocol::EvaluateAnswer answer = parse(exchange, suite, count);
  const auto outputs =
      std::move(exchange.batch.front()).verify(answer.elements, answer.proof).value().finalize();
  std::vector<ByteView> inputs(exchange.inputs.begin(), exchange.inputs.end());
  std::vector<oprf::PrfOutput> expected(count);
  suite.evaluate_unblinded(epoch.keys.secret, inputs, expected);
  if (outputs != expected) {
    throw std::runtime_error("an answer is wrong");
  }
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

/// Numbers of the cores that this process may use.
std::vector<std::size_t> usable_cores() {
  cpu_set_t set{};
  std::vector<std::size_t> out;
  if (::sched_getaffinity(0, sizeof set, &set) == 0) {
    for (std::size_t core = 0; core < CPU_SETSIZE; ++core) {
      if (CPU_ISSET(core, &set)) {
        out.push_back(core);
      }
    }
  }
  return out;
}

/// Seconds for which `cores` have done nothing since the machine started, summed up.
double idle_seconds(const std::vector<std::size_t>& cores) {
  double ticks = 0;
  std::ifstream stat("/proc/stat");
  for (std::string line; std::getline(stat, line);) {
    std::istringstream fields(line);
    std::string name;
    std::array<double, 5> times{};  // user, nice, system, idle, waiting for disks
    fields >> name;
    for (double& time : times) {
      fields >> time;
    }
    if (std::any_of(cores.begin(), cores.end(),
                    [&](std::size_t core) { return name == "cpu" + std::to_string(core); })) {
      ticks += times[3] + times[4];
    }
  }
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double percentile(std::vector<double> values, std::size_t percent) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) * percent / 100);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

nlohmann::ordered_json measure(const Options& options) {
  ServedOperator served(options.program);
  Clients clients(served.folder());
  const oprf::Suite& suite = served.folder().suite();
  std::vector<Exchange> exchanges;
  for (std::size_t i = 0; i < kWarmUp + options.requests; ++i) {
    exchanges.push_back(clients.request(i, options.batch));
  }
  std::vector<service::http::HttpConnection> connections;
  for (std::size_t i = 0; i < options.connections; ++i) {
    connections.push_back(
        service::http::HttpConnection::open(served.endpoint(), {.ca_file = served.ca_file()}, {}).value());
  }
  send_all(connections, exchanges, 0, kWarmUp);

  const std::vector<std::size_t> cores = usable_cores();
  const double idle_before = idle_seconds(cores);
  const double service_before = served.cpu_seconds();
  const double generator_before = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  const double before = seconds_of(CLOCK_MONOTONIC);
  send_all(connections, exchanges, kWarmUp, exchanges.size());
  const double wall = seconds_of(CLOCK_MONOTONIC) - before;
  const double generator_cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - generator_before;
  const double service_cpu = served.cpu_seconds() - service_before;
  const double idle = idle_seconds(cores) - idle_before;

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
  try {
    const auto options = blindbook::bench::parse_options({argv + 1, argv + argc});
    std::cout << blindbook::bench::measure(options).dump(2) << std::endl;
  } catch (const std::exception& error) {
    std::cerr << "blindbook-serve-load: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
