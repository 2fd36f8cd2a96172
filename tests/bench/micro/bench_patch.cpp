// Patches at 10^6 entries without labels, with 0.5 % joins and 0.1 % leaves a day.
// Counters: patch_KB = size of the patch.
#include <algorithm>
#include <deque>
#include <vector>

#include <benchmark/benchmark.h>

#include "blindbook/directory/patch_algebra.h"
#include "blindbook/directory/tag.h"

#include "tests/support/deterministic_random.h"

namespace {

using namespace blindbook;
using namespace blindbook::directory;
using test_support::DeterministicRandom;

constexpr std::size_t kEntries = 1'000'000;
constexpr std::size_t kDays = 30;

/// Thirty-one editions and, from each to the last, a patch.
class Month {
 public:
  Month() {
    for (std::size_t i = 0; i < kEntries; ++i) {
      tags_.push_back(random_.below(kMaxTag + 1));
    }
    std::sort(tags_.begin(), tags_.end());
    editions_.push_back(file());
    while (editions_.size() <= kDays) {
      pass_day();
    }
  }

  [[nodiscard]] ByteView edition(std::size_t days_ago) const { return editions_[kDays - days_ago]; }
  [[nodiscard]] const Patch& patch(std::size_t days) const { return star_[kDays - days]; }
  [[nodiscard]] const std::deque<Patch>& star_of_yesterday() const { return yesterday_; }

 private:
  void pass_day() {
    const std::size_t size = tags_.size();
    for (std::size_t i = 0; i < size / 1000; ++i) {
      tags_[random_.below(tags_.size())] = kMaxTag + 1;
    }
    std::erase(tags_, kMaxTag + 1);
    for (std::size_t i = 0; i < size / 200; ++i) {
      tags_.push_back(random_.below(kMaxTag + 1));
    }
    std::sort(tags_.begin(), tags_.end());
    editions_.push_back(file());
    const DecodedDirectory before = decode_directory(editions_[editions_.size() - 2]).value();
    const Patch today = difference(before, decode_directory(editions_.back()).value()).value();
    yesterday_ = star_;
    for (Patch& patch : star_) {
      patch = compose(patch, before, today).value();
    }
    star_.push_back(today);
  }

  Bytes file() {
    const Header header{.suite = SuiteId::kRistretto255Sha512,
                        .epoch = {},
                        .edition = Edition(static_cast<std::uint32_t>(editions_.size() + 1)),
                        .rice = 0,
                        .entries = 0,
                        .label_bytes = 0,
                        .label_template = {}};
    return encode_directory(header, {tags_, {}, 0});
  }

  DeterministicRandom random_{1};
  std::vector<std::uint64_t> tags_;
  std::vector<Bytes> editions_;
  std::deque<Patch> star_;
  std::deque<Patch> yesterday_;
};

const Month& month() {
  static const Month month;
  return month;
}

void patch_apply(benchmark::State& state) {
  const auto days = static_cast<std::size_t>(state.range(0));
  const Bytes file = encode_patch(month().patch(days));
  for (auto _ : state) {
    benchmark::DoNotOptimize(apply_patch(month().edition(days), parse_patch(file).value()).value());
  }
  state.counters["patch_KB"] = static_cast<double>(file.size()) / 1000;
}
BENCHMARK(patch_apply)->Arg(1)->Arg(7)->Arg(14)->Arg(30)->Unit(benchmark::kMillisecond);

/// What one publication adds: the difference, 29 compositions, and the bytes of 30 patches.
void patch_star(benchmark::State& state) {
  std::size_t bytes = 0;
  for (auto _ : state) {
    const DecodedDirectory before = decode_directory(month().edition(1)).value();
    const Patch today = difference(before, decode_directory(month().edition(0)).value()).value();
    bytes = encode_patch(today).size();
    for (const Patch& patch : month().star_of_yesterday()) {
      bytes += encode_patch(compose(patch, before, today).value()).size();
    }
  }
  state.counters["star_MB"] = static_cast<double>(bytes) / 1e6;
}
BENCHMARK(patch_star)->Unit(benchmark::kMillisecond);

}  // namespace
