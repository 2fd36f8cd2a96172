#include "tests/unit/oprf/vector_file.h"

#include <stdexcept>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using blindbook::oprf::test::load_vectors;
using blindbook::oprf::test::parse_vectors;
using nlohmann::json;

namespace {

json small_set() {
  return json::parse(
      R"([{"groupDST": "00", "hash": "H", "identifier": "G-H", "keyInfo": "01", "mode": 0, "seed": "02",
    "skSm": "03", "vectors": [{"Batch": 2, "Blind": "04,05", "BlindedElement": "06,07", "EvaluationElement": "08,09",
    "Input": "0a,0b", "Output": "0c,0d"}]}])");
}

}  // namespace

TEST_CASE("vector reader takes every list of a batch apart") {
  const auto sets = parse_vectors(small_set().dump());
  REQUIRE(sets.size() == 1);
  REQUIRE(sets[0].vectors.size() == 1);
  CHECK(sets[0].vectors[0].outputs == std::vector<blindbook::Bytes>{{0x0c}, {0x0d}});
}

TEST_CASE("vector reader fails on an unknown member") {
  json set_level = small_set();
  set_level[0]["extra"] = "00";
  CHECK_THROWS_AS(parse_vectors(set_level.dump()), std::runtime_error);
  json vector_level = small_set();
  vector_level[0]["vectors"][0]["extra"] = "00";
  CHECK_THROWS_AS(parse_vectors(vector_level.dump()), std::runtime_error);
  json proof_in_mode_0 = small_set();
  proof_in_mode_0[0]["vectors"][0]["Proof"] = {{"proof", "00"}, {"r", "00"}};
  CHECK_THROWS_AS(parse_vectors(proof_in_mode_0.dump()), std::runtime_error);
}

TEST_CASE("vector reader fails on an empty list") {
  CHECK_THROWS_AS(parse_vectors("[]"), std::runtime_error);
  json none = small_set();
  none[0]["vectors"] = json::array();
  CHECK_THROWS_AS(parse_vectors(none.dump()), std::runtime_error);
}

TEST_CASE("vector reader fails on a missing member and on lists of different lengths") {
  json missing = small_set();
  missing[0]["vectors"][0].erase("Output");
  CHECK_THROWS_AS(parse_vectors(missing.dump()), std::runtime_error);
  json shorter = small_set();
  shorter[0]["vectors"][0]["Output"] = "0c";
  CHECK_THROWS_AS(parse_vectors(shorter.dump()), std::runtime_error);
}

TEST_CASE("vector file has both modes of ristretto255 and every vector of them") {
  const auto sets = load_vectors("ristretto255-SHA512");
  REQUIRE(sets.size() == 2);
  CHECK(sets[0].mode == 0);
  CHECK(sets[0].vectors.size() == 2);
  CHECK(sets[1].mode == 1);
  CHECK(sets[1].vectors.size() == 3);
}
