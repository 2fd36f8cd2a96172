// How many charges a ledger in PostgreSQL takes, and what they cost the server.
//
//   blindbook-ledger-load URI [WORKERS [THREADS [CHARGES]]]
//
// WORKERS processes (1), as on machines of their own, charge from THREADS threads each (8), CHARGES times each (500), to
// some of 5,000 accounts. Prints one object of JSON; tests/bench/ledger_load.sh adds what the server's processes used.

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "blindbook/base/random.h"
#include "blindbook/service/postgres_ledger.h"

namespace blindbook::bench {
namespace {

constexpr UnixTime kNow{1'800'000'000};
constexpr std::uint32_t kAccounts = 5'000;
constexpr protocol::AllowancePolicy kPlenty{
    .initial = 1'000'000'000, .capacity = 1'000'000'000, .refill_per_day = 0};

/// `charges` from each of `threads` at once; how many the ledger refused or failed on.
std::size_t charge(service::KeptLedger& ledger, std::uint32_t threads, std::uint32_t charges) {
  std::atomic<std::size_t> failures = 0;
  std::vector<std::thread> running;
  for (std::uint32_t thread = 0; thread < threads; ++thread) {
    running.emplace_back([&] {
      SystemRandom random;
      for (std::uint32_t i = 0; i < charges; ++i) {
        Digest digest;
        random.fill(digest.mutable_view());
        const std::uint32_t account = (digest.view()[0] * 256U + digest.view()[1]) % kAccounts;
        const auto outcome = ledger.charge(
            {.issuer = "city", .account = "account " + std::to_string(account), .digest = digest, .cost = 1},
            kNow);
        failures += outcome && std::holds_alternative<service::Charged>(*outcome) ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : running) {
    thread.join();
  }
  return failures;
}

int work(const std::string& where, std::uint32_t threads, std::uint32_t charges) {
  const auto ledger = service::open_postgres_ledger(where, kPlenty, {.ceiling_floor = 1'000'000'000});
  if (!ledger) {
    std::cerr << ledger.error().message << "\n";
    return 1;
  }
  return charge(**ledger, threads, charges) == 0 ? 0 : 1;
}

int run(const std::string& where, std::uint32_t workers, std::uint32_t threads, std::uint32_t charges) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<pid_t> children;
  for (std::uint32_t worker = 0; worker < workers; ++worker) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::_exit(work(where, threads, charges));
    }
    children.push_back(child);
  }
  bool failed = false;
  for (const pid_t child : children) {
    int status = 0;
    failed |= ::waitpid(child, &status, 0) != child || status != 0;
  }
  if (failed) {
    std::cerr << "blindbook-ledger-load: a worker failed\n";
    return 1;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const std::uint64_t total = std::uint64_t{workers} * threads * charges;
  std::cout << nlohmann::ordered_json{{"workers", workers},
                                      {"threads", threads},
                                      {"charges", total},
                                      {"seconds", took.count()},
                                      {"charges_per_second", static_cast<double>(total) / took.count()}}
                   .dump()
            << "\n";
  return 0;
}

}  // namespace
}  // namespace blindbook::bench

int main(int count, char** words) {
  const auto number = [&](int at, std::uint32_t otherwise) {
    return count > at ? static_cast<std::uint32_t>(std::strtoul(words[at], nullptr, 10)) : otherwise;
  };
  if (count < 2) {
    std::cerr << "usage: blindbook-ledger-load URI [WORKERS [THREADS [CHARGES]]]\n";
    return 2;
  }
  return blindbook::bench::run(words[1], number(2, 1), number(3, 8), number(4, 500));
}
