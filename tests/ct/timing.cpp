// `ct_timing [SAMPLES]`: whether the time of the kernel in use depends on secrets, for instruction sets that valgrind does
// not know. Each operation runs on a fixed secret and on random ones, in random order; Welch's t compares the times, of all
// and of the quickest 90 and 50 %, since the slowest are other programs'. Below 4.5 nothing is seen; above 10 time tells
// (the limits of dudect). A fixed secret of one bit keeps registers quiet, which costs less power and so may raise the clock:
// an arbitrary fixed one shows what is left without that. The last line is the variable-time sum: where it does not stand
// out, nothing above it counts.
//
// `ct_timing --self-test` holds the statistics against a sample computed by hand. No test runs the rest: what a busy machine
// measures is no reason to refuse a change. docs/side-channels.md has figures.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/group/ristretto255.h"

#include "tests/ct/welch.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::ct {
namespace {

using G = group::Ristretto255;
using Secret64 = std::array<std::uint8_t, 64>;

/// Twice the lanes of `ifma`.
constexpr std::size_t kPoints = 16;
constexpr std::size_t kWarmUp = 200;

/// What is measured: `prepare` makes the operation's input of 64 secret bytes, out of the clock.
struct Operation {
  const char* name;
  Secret64 fixed;
  std::function<void(const Secret64&)> prepare;
  std::function<void()> run;
};

std::vector<Sample> measure(const Operation& operation, std::size_t count) {
  test_support::DeterministicRandom random(1);
  // Both classes are drawn and copied in the same way, so that they find the caches alike.
  std::array<Secret64, 2> secrets{};
  secrets[1] = operation.fixed;
  std::vector<Sample> samples;
  samples.reserve(count);
  for (std::size_t i = 0; i < kWarmUp + count; ++i) {
    random.fill(secrets[0]);
    const std::size_t chosen = random.bytes(1)[0] & 1U;
    operation.prepare(secrets.at(chosen));
    const auto begin = std::chrono::steady_clock::now();
    operation.run();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    if (i >= kWarmUp) {
      samples.push_back({chosen == 1, time.count()});
    }
  }
  return samples;
}

/// The t that is furthest from zero, printed with the others.
double report(const Operation& operation, std::size_t count) {
  const std::vector<Sample> samples = measure(operation, count);
  double largest = 0;
  std::printf("%-28s %10.1f", operation.name, 1e6 * quantile(samples, 0.5));
  for (const double share : {1.0, 0.9, 0.5}) {
    const double t = welch_t(samples, quantile(samples, share));
    std::printf(" %10.2f", t);
    largest = std::max(largest, std::fabs(t));
  }
  std::printf("\n");
  return largest;
}

int run(std::size_t count) {
  G::Scalar k;
  std::vector<G::Scalar> masks(kPoints);
  std::vector<G::Element> points(kPoints);
  std::vector<G::Element> products(kPoints);
  std::vector<G::EncodedElement> encoded(kPoints);
  std::vector<Secret64> messages(kPoints);
  std::vector<ByteView> views(messages.begin(), messages.end());
  for (std::size_t i = 0; i < kPoints; ++i) {
    masks[i] = G::scalar_from_integer(i + 2);
  }
  G::multiply_base_batch(masks, points);

  const Secret64 one = {1};
  Secret64 arbitrary{};
  test_support::DeterministicRandom(2).fill(arbitrary);
  const auto one_scalar = [&](const Secret64& secret) { k = G::scalar_from_uniform(secret); };
  const auto all_masks = [&](const Secret64& secret) {
    for (G::Scalar& mask : masks) {
      mask = G::scalar_from_uniform(secret);
    }
  };
  const std::vector<Operation> operations = {
      {"k = 1: k * P, encoded", one, one_scalar, [&] { G::multiply_encode_batch(k, points, encoded); }},
      {"k = 1: k * P", one, one_scalar, [&] { G::multiply_batch(k, points, products); }},
      {"k = 1: k * G from a table", one, all_masks, [&] { G::multiply_base_batch(masks, products); }},
      {"k arbitrary: k * G", arbitrary, all_masks, [&] { G::multiply_base_batch(masks, products); }},
      {"hash to group",
       {},
       [&](const Secret64& secret) { messages.assign(kPoints, secret); },
       [&] { G::hash_to_group_batch(views, bytes_of("HashToGroup-ct"), products); }}};
  const Operation leak = {"sum in variable time", one, all_masks,
                          [&] { products[0] = G::multi_scalar_multiply_vartime(masks, points); }};

  std::printf("kernel %s, %zu samples of %zu points\n", std::string(*cpu::kernel_in_use()).c_str(), count,
              kPoints);
  std::printf("%-28s %10s %10s %10s %10s\n", "", "median us", "t of all", "of 90 %", "of 50 %");
  bool quiet = true;
  for (const Operation& operation : operations) {
    quiet = report(operation, count) < 10 && quiet;
  }
  const bool seen = report(leak, count) > 10;
  std::printf("%s\n", !seen   ? "the planted leak was not seen"
                      : quiet ? "no leak seen"
                              : "time depends on a secret");
  return seen && quiet ? 0 : 1;
}

bool check(const char* what, double got, double expected) {
  const bool good = std::fabs(got - expected) < 1e-9;
  std::printf("%s: %.9f, %s\n", what, got, good ? "as computed by hand" : "wrong");
  return good;
}

int self_test() {
  std::vector<Sample> samples;
  for (const double time : {1.0, 2.0, 3.0, 4.0}) {
    samples.push_back({true, time});
    samples.push_back({false, 2 * time});
  }
  samples.push_back({true, 1000});
  // Means 2.5 and 5, variances 5/3 and 20/3 of four samples each: -2.5 / sqrt(25/12) = -sqrt(3).
  const bool good = check("t without the longest", welch_t(samples, 8), -std::sqrt(3.0)) &
                    check("longest of all", quantile(samples, 1), 1000) &
                    check("median", quantile(samples, 0.5), 4);
  return good ? 0 : 1;
}

}  // namespace
}  // namespace blindbook::ct

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--self-test") == 0) {
    return blindbook::ct::self_test();
  }
  const auto& kernel = blindbook::cpu::kernel_in_use();
  if (argc > 2 || !kernel) {
    std::fprintf(stderr, "%s\n",
                 kernel ? "usage: ct_timing [SAMPLES | --self-test]" : kernel.error().message.c_str());
    return 2;
  }
  const std::size_t count = argc == 2 ? std::strtoull(argv[1], nullptr, 10) : 50'000;
  return blindbook::ct::run(std::max(count, std::size_t{100}));
}
