// What hostile connections cost the others, and what `blindbook serve` takes of memory, whatever is asked of it.
//
//   blindbook-hostile-load PROGRAM [--idle 2000] [--slow 50] [--requests 400] [--batches 64] [--size 1024]
//
// Starts PROGRAM serve on loopback with an operator made for it, over TLS. Honest requests, each a batch of 64 of an account of
// its own, are timed three times: alone, while --idle connections say nothing, --slow ones have sent half of a request, and as
// many do not read what they asked for, and alone again. In that crowd --batches of --size are asked for at once. Every honest
// request must be answered, no idle connection may be cut off, and no more than kMostMegabytes may be used: else it ends with 1.
// Times are printed and not judged. One object of JSON.

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "blindbook/service/http/client.h"

#include "tests/bench/load/clients.h"
#include "tests/bench/load/options.h"
#include "tests/bench/load/program.h"
#include "tests/bench/served_operator.h"
#include "tests/hostile/tls_sockets.h"

namespace blindbook::hostile {
namespace {

constexpr double kMostMegabytes = 300;
constexpr std::size_t kHonestBatch = 64;

struct Options {
  std::string program;
  std::size_t idle = 2'000;
  std::size_t slow = 50;
  std::size_t requests = 400;
  std::size_t batches = 64;
  std::size_t size = 1'024;
};

Options options_of(const std::vector<std::string>& words) {
  Options out;
  out.program = bench::parse_options(words,
                                     {{"--idle", &out.idle},
                                      {"--slow", &out.slow},
                                      {"--requests", &out.requests},
                                      {"--batches", &out.batches},
                                      {"--size", &out.size}},
                                     "usage: see the top of tests/hostile/hostile_load.cpp");
  return out;
}

/// An honest client, over a connection that stays open.
class Honest {
 public:
  Honest(bench::ServedOperator& served, bench::Clients& accounts)
      : accounts_(accounts),
        connection_(service::http::HttpConnection::open(served.endpoint(), {.ca_file = served.ca_file()}, {})
                        .value()) {}

  void ask(const bench::Exchange& request) {
    const auto answer =
        connection_.post("/v1/evaluate", "application/octet-stream", request.body, request.authorization)
            .value();
    if (answer.status != 200) {
      throw std::runtime_error("an honest request was answered with " + std::to_string(answer.status));
    }
  }
  /// Median and 99th percentile of `count` requests one after the other, in milliseconds.
  nlohmann::ordered_json time(std::size_t count) {
    std::vector<double> latencies;
    for (std::size_t i = 0; i < count; ++i) {
      const bench::Exchange request = accounts_.request(kHonestBatch);
      const double begun = bench::seconds_of(CLOCK_MONOTONIC);
      ask(request);
      latencies.push_back(1e3 * (bench::seconds_of(CLOCK_MONOTONIC) - begun));
    }
    std::sort(latencies.begin(), latencies.end());
    return {{"median_ms", latencies[latencies.size() / 2]},
            {"p99_ms", latencies[latencies.size() * 99 / 100]}};
  }

 private:
  bench::Clients& accounts_;
  service::http::HttpConnection connection_;
};

/// Connections that want nothing but to be there.
class Crowd {
 public:
  Crowd(bench::ServedOperator& served, bench::Clients& accounts, const Options& options)
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    const std::uint16_t port = served.endpoint().port;
    for (std::size_t i = 0; i < options.idle; ++i) {
      idle_.push_back(std::make_unique<TlsSocket>(context_.get(), port));
    }
    for (std::size_t i = 0; i < options.slow; ++i) {
      others_.push_back(std::make_unique<TlsSocket>(context_.get(), port));
      others_.back()->send(
          "POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nAuthorization: " + accounts.authorization() +
          "\r\nContent-Length: 131096\r\n\r\n" + std::string(65'536, 'x'));
      others_.push_back(std::make_unique<TlsSocket>(context_.get(), port, 4'096));
      for (int ask = 0; ask < 200; ++ask) {  // more answers than fit into what the system holds for a socket
        others_.back()->send("GET /v1/announcement HTTP/1.1\r\nHost: x\r\n\r\n");
      }
    }
  }
  /// Idle ones that the service has closed.
  [[nodiscard]] std::size_t cut_off() const {
    return static_cast<std::size_t>(
        std::count_if(idle_.begin(), idle_.end(), [](const auto& one) { return !one->is_open(); }));
  }

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::vector<std::unique_ptr<TlsSocket>> idle_;
  std::vector<std::unique_ptr<TlsSocket>> others_;
};

void ask_at_once(bench::ServedOperator& served, bench::Clients& accounts, const Options& options) {
  std::vector<bench::Exchange> requests;
  for (std::size_t i = 0; i < options.batches; ++i) {
    requests.push_back(accounts.request(options.size));
  }
  std::vector<std::thread> threads;
  std::vector<std::string> faults(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    threads.emplace_back([&, i] {
      try {
        Honest(served, accounts).ask(requests[i]);
      } catch (const std::exception& fault) {
        faults[i] = fault.what();
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const std::string& fault : faults) {
    if (!fault.empty()) {
      throw std::runtime_error(fault);
    }
  }
}

nlohmann::ordered_json measure(const Options& options) {
  bench::ServedOperator served(options.program);
  bench::Clients accounts(served.folder());
  Honest honest(served, accounts);
  honest.time(20);  // so that all is warm
  const auto before = honest.time(options.requests);
  nlohmann::ordered_json during;
  double crowd_megabytes = 0;
  std::size_t cut_off = 0;
  {
    const Crowd crowd(served, accounts, options);
    honest.time(options.requests / 2);  // until all stand still that are to be slow
    during = honest.time(options.requests);
    crowd_megabytes = served.megabytes();
    ask_at_once(served, accounts, options);
    cut_off = crowd.cut_off();
  }
  const auto after = honest.time(options.requests);
  if (cut_off > 0) {
    throw std::runtime_error(std::to_string(cut_off) + " idle connections were cut off");
  }
  if (served.most_megabytes() > kMostMegabytes) {
    throw std::runtime_error("the service took " + std::to_string(served.most_megabytes()) + " MB");
  }
  return {{"idle", options.idle},
          {"slow_writers", options.slow},
          {"slow_readers", options.slow},
          {"requests", options.requests},
          {"alone_before", before},
          {"in_the_crowd", during},
          {"alone_after", after},
          {"megabytes_in_the_crowd", crowd_megabytes},
          {"batches_at_once", options.batches},
          {"batch", options.size},
          {"most_megabytes", served.most_megabytes()}};
}

}  // namespace
}  // namespace blindbook::hostile

int main(int argc, char** argv) {
  return blindbook::bench::run_program(
      "blindbook-hostile-load", argc, argv, [](const std::vector<std::string>& words) {
        return blindbook::hostile::measure(blindbook::hostile::options_of(words));
      });
}
