#include "blindbook/base/random.h"

#include <array>

#include <catch2/catch.hpp>

using namespace blindbook;

namespace {

/// Gives out the words it was made with, big-endian, one per fill.
class Scripted final : public RandomSource {
 public:
  explicit Scripted(std::vector<std::uint64_t> words) : words_(std::move(words)) {}
  void fill(MutableBytes out) override {
    ByteWriter writer;
    writer.u64(words_.at(next_++));
    std::copy(writer.view().begin(), writer.view().end(), out.begin());
  }
  [[nodiscard]] std::size_t used() const { return next_; }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t next_ = 0;
};

}  // namespace

TEST_CASE("system random fills any length and does not repeat") {
  SystemRandom random;
  random.fill({});
  std::array<std::uint8_t, 32> first{};
  std::array<std::uint8_t, 32> second{};
  random.fill(first);
  random.fill(second);
  CHECK(first != second);
  CHECK(first != decltype(first){});
}

TEST_CASE("uniform below throws biased draws away") {
  // 2^64 = 5 * 3689348814741910323 + 1, so the value 2^64 - 1 alone would favour 0.
  Scripted random({~std::uint64_t{0}, 12});
  CHECK(uniform_below(random, 5) == 2);
  CHECK(random.used() == 2);
}

TEST_CASE("uniform below reaches every value and no other") {
  SystemRandom random;
  std::array<int, 7> seen{};
  for (int i = 0; i < 1000; ++i) {
    ++seen.at(uniform_below(random, seen.size()));
  }
  for (const int count : seen) {
    CHECK(count > 0);  // fails by chance once in 10^66 runs
  }
  CHECK(uniform_below(random, 1) == 0);
}
