#include "blindbook/base/workers.h"

#include <stdexcept>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/backward_workers.h"

namespace blindbook {
namespace {

TEST_CASE("the calling thread does every part once, in order") {
  std::vector<std::size_t> done;
  calling_thread().share(3, [&](std::size_t part) { done.push_back(part); });
  CHECK(done == std::vector<std::size_t>{0, 1, 2});
  calling_thread().share(0, [&](std::size_t part) { done.push_back(part); });
  CHECK(done.size() == 3);
  CHECK(calling_thread().available() == 1);
  CHECK_THROWS_AS(calling_thread().share(1, [](std::size_t) { throw std::out_of_range("planted"); }),
                  std::out_of_range);
}

TEST_CASE("parts follow each other, are of about equal length and none is short unless it is alone") {
  const std::size_t least = 128;
  for (const std::size_t count : {0U, 1U, 127U, 128U, 255U, 256U, 257U, 1023U, 1024U, 4096U, 65535U}) {
    for (std::size_t available = 1; available <= 9; ++available) {
      const Parts parts(count, least, test_support::BackwardWorkers(available));
      REQUIRE(parts.size() >= 1);
      CHECK(parts.size() == std::max<std::size_t>(std::min(available, count / least), 1));
      CHECK(parts.first(0) == 0);
      CHECK(parts.first(parts.size()) == count);
      for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::size_t size = parts.first(i + 1) - parts.first(i);
        CHECK((parts.size() == 1 || size >= least));
        CHECK(size <= count / parts.size() + 1);
      }
    }
  }
}

}  // namespace
}  // namespace blindbook
