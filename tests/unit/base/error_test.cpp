#include "blindbook/base/error.h"

#include <set>

#include <catch2/catch.hpp>

using namespace blindbook;

TEST_CASE("each fault has its own name and maker") {
  const Result<int> results[] = {peer_misbehaved("a.b", "m", "h"), bad_input("a.b", "m", "h"),
                                 api_misuse("a.b", "m", "h"), unavailable("a.b", "m", "h"),
                                 spent("a.b", "m", "h")};
  const std::string_view names[] = {"peer-misbehaved", "bad-input", "api-misuse", "unavailable", "spent"};
  std::set<Fault> faults;
  for (std::size_t i = 0; i < std::size(results); ++i) {
    REQUIRE_FALSE(results[i]);
    const Error& error = results[i].error();
    CHECK(name(error.fault) == names[i]);
    CHECK(error.rule == "a.b");
    CHECK(error.message == "m");
    CHECK(error.hint == "h");
    faults.insert(error.fault);
  }
  CHECK(faults.size() == std::size(results));
}

TEST_CASE("failed passes an error on to another result type") {
  Result<int> first = bad_input("a.b", "message");
  const Result<std::string> second = failed(first);
  REQUIRE_FALSE(second);
  CHECK(second.error().rule == "a.b");
  CHECK(second.error().message == "message");
}
