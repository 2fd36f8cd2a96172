// Memory that ends is nobody's fault: it never turns what is right into what a peer has forged.
#include <exception>
#include <string>

#include <catch2/catch.hpp>

#include "blindbook/protocol/ed25519.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/failing_heap.h"

namespace blindbook::protocol {

using test_support::failing_heap;

TEST_CASE("a good signature is not taken for a bad one because memory has ended") {
  test_support::DeterministicRandom random(1);
  const Ed25519SecretKey key = Ed25519SecretKey::generate(random);
  const Ed25519PublicKey public_key = key.public_key();
  const Ed25519Signature signature = key.sign({bytes_of("a message")});
  // The first time OpenSSL fetches what it keeps.
  REQUIRE(verify(public_key, {bytes_of("a message")}, signature));

  const auto try_it = [&](std::size_t failing) {
    failing_heap = {.counting = true, .counting_openssl = true, .allocations = 0, .failing = failing};
    std::string outcome = "it threw";
    try {
      outcome = verify(public_key, {bytes_of("a message")}, signature) ? "good" : "bad";
    } catch (const std::exception&) {
    }
    failing_heap.counting = failing_heap.counting_openssl = false;
    return outcome;
  };
  REQUIRE(try_it(0) == "good");
  const std::size_t all = failing_heap.allocations;
  REQUIRE(all > 3);
  std::size_t thrown = 0;
  for (std::size_t number = 1; number <= all; ++number) {
    CAPTURE(number, all);
    const std::string outcome = try_it(number);
    CHECK(outcome != "bad");
    thrown += outcome == "it threw" ? 1 : 0;
  }
  CHECK(thrown > 0);
}

}  // namespace blindbook::protocol
