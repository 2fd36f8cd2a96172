#include <string>

#include <catch2/catch.hpp>

#include "tests/bench/comparison/parties.h"
#include "tests/bench/comparison/tests/keeping.h"

namespace blindbook::bench {
namespace {

TEST_CASE("the example of the documents finds who subscribes by a download alone") {
  Parties parties(test_keeping(), "hash-list", 40, 7);
  const Setup setup = parties.set_up();
  CHECK(setup.published_bytes == 40 * 32);
  const Run run = parties.run(24, 0);
  CHECK(run.matches == 6);
  CHECK(run.missed == 0);
  CHECK(run.false_matches == 0);
  CHECK(run.client.messages_sent == 0);
  CHECK(run.service.messages_sent == 0);
}

}  // namespace
}  // namespace blindbook::bench
