#include "tests/bench/baselines/matrix_lookup.h"

#include <catch2/catch.hpp>

namespace blindbook::bench {

TEST_CASE("look-up hashes are those of the Matrix specification") {
  // The examples of the Identity Service API, section "Performing a lookup".
  CHECK(lookup_hash("alice@example.com", "email", "matrixrocks") ==
        "4kenr7N9drpCJ4AfalmlGQVsOn3o2RHjkADUpXJWZUc");
  CHECK(lookup_hash("bob@example.com", "email", "matrixrocks") ==
        "LJwSazmv46n0hlMlsb_iYxI0_HXEqy_yj6Jm636cdT8");
  CHECK(lookup_hash("18005552067", "msisdn", "matrixrocks") == "nlo35_T5fzSGZzJApqu8lgIudJvmOQtDaHtr-I4rU7I");
}

TEST_CASE("the address of a number is its digits") {
  CHECK(msisdn_of("tel:+33639980000") == "33639980000");
  CHECK_THROWS_AS(msisdn_of("+33639980000"), std::invalid_argument);
}

}  // namespace blindbook::bench
