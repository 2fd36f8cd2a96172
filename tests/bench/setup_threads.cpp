// What cores are worth to the evaluating phase of `blindbook publish`: rows to tags and sealed labels, as the publisher
// does it, on all cores of this process and on each alone, since neighbours of a virtual machine slow them differently.
//
//   blindbook-setup-threads [ROWS [ROUNDS]]
//
// 200,000 rows and 5 rounds by default, each core and all cores in turn. Prints one object of JSON with medians of wall
// time, of one core the mean over the cores. The directories must be equal.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <sched.h>

#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/service/directory_build.h"

namespace blindbook::bench {
namespace {

constexpr std::uint16_t kLabelBytes = 24;

/// Of a range kept for fiction, and beyond it: nobody calls them.
service::SubscriberList::Slice make_rows(std::size_t count) {
  service::SubscriberList::Slice slice;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string label = "u" + std::to_string(i);
    slice.rows.push_back({.number = 4'930'231'250'000 + i,
                          .line = static_cast<std::uint32_t>(i + 1),
                          .label_at = static_cast<std::uint32_t>(slice.labels.size()),
                          .label_size = static_cast<std::uint16_t>(label.size()),
                          .fate = service::SubscriberList::Fate::kPublished});
    slice.labels += label;
  }
  return slice;
}

protocol::EpochKey make_key() {
  const oprf::Suite& suite = *oprf::find_suite(SuiteId::kRistretto255Sha512);
  return {.id = {},
          .not_before = {},
          .not_after = {},
          .keys = suite.derive_key_pair(Secret<32>(), bytes_of("bench")).value()};
}

struct Run {
  double seconds;
  Bytes directory;
};

Run run_on(const cpu_set_t& cores, const protocol::EpochKey& key,
           const service::SubscriberList::Slice& rows) {
  if (::sched_setaffinity(0, sizeof cores, &cores) != 0) {
    throw std::runtime_error("the cores cannot be chosen");
  }
  service::WorkerPool pool(0, 1);
  service::DirectoryBuild build(key, Edition(1), protocol::LabelMode::kEmbedded, kLabelBytes, {},
                                rows.rows.size());
  const auto start = std::chrono::steady_clock::now();
  if (!build.add(rows, pool, {})) {
    throw std::runtime_error("a row was refused");
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return {took.count(), std::move(build).finish().value()};
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

int measure(std::size_t rows, std::size_t rounds) {
  cpu_set_t all;
  if (::sched_getaffinity(0, sizeof all, &all) != 0) {
    throw std::runtime_error("the cores are unknown");
  }
  const protocol::EpochKey key = make_key();
  const service::SubscriberList::Slice slice = make_rows(rows);
  std::map<unsigned, std::vector<double>> alone;  // by core
  std::vector<double> together;
  for (std::size_t round = 0; round < rounds; ++round) {
    const Run everywhere = run_on(all, key, slice);
    together.push_back(everywhere.seconds);
    for (unsigned core = 0; core < CPU_SETSIZE; ++core) {
      if (!CPU_ISSET(core, &all)) {
        continue;
      }
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(core, &one);
      const Run here = run_on(one, key, slice);
      if (here.directory != everywhere.directory) {
        throw std::runtime_error("the directories differ");
      }
      alone[core].push_back(here.seconds);
    }
  }
  double on_one = 0;
  for (const auto& [core, seconds] : alone) {
    on_one += median(seconds) / static_cast<double>(alone.size());
  }
  std::cout << nlohmann::json({{"kernel", std::string(cpu::kernel_in_use().value())},
                               {"rows", rows},
                               {"cores", CPU_COUNT(&all)},
                               {"seconds_on_one", on_one},
                               {"seconds_on_all", median(together)},
                               {"gain", on_one / median(together)}})
            << '\n';
  return 0;
}

}  // namespace
}  // namespace blindbook::bench

int main(int argc, char** argv) {
  try {
    const auto number = [&](int at, unsigned long otherwise) {
      return argc > at ? std::strtoul(argv[at], nullptr, 10) : otherwise;
    };
    return blindbook::bench::measure(number(1, 200'000), number(2, 5));
  } catch (const std::exception& failure) {
    std::cerr << "blindbook-setup-threads: " << failure.what() << '\n';
    return 1;
  }
}
