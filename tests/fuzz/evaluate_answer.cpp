// What a client does with the answer to its request: form, echo, encodings, proof.
#include <algorithm>

#include "blindbook/protocol/client.h"

#include "tests/fuzz/evaluate_world.h"
#include "tests/fuzz/fuzz.h"

namespace blindbook::fuzz {

void run(ByteView input) {
  using namespace protocol;
  static EvaluateWorld world;
  const auto sizes = test_support::InMemoryOperator::suite().sizes();
  const RequestDigest digest = digest_of_request(world.request);
  const auto parsed = parse_answer(input, sizes, digest, EvaluateWorld::kBatch);
  if (!parsed) {
    require_refusal(parsed.error(), Fault::kPeerMisbehaved,
                    {"answer.header", "answer.echo", "answer.length"});
    return;
  }
  const oprf::Evaluated parts{.elements = {parsed->elements.begin(), parsed->elements.end()},
                              .proof = {parsed->proof.begin(), parsed->proof.end()}};
  require(std::ranges::equal(encode_answer(digest, parsed->allowance_left, parts), input),
          "an answer that is understood is the one its parts make");

  const auto finished = std::move(world.resume().waiting).finish(input);
  if (!finished) {
    require_refusal(finished.error(), Fault::kPeerMisbehaved, {"oprf.element", "oprf.proof"});
    return;
  }
  require(finished->allowance_left() == parsed->allowance_left, "the allowance is the one that was sent");
  const auto honest = parse_answer(world.answer, sizes, digest, EvaluateWorld::kBatch);
  require(std::ranges::equal(parsed->elements, honest->elements),
          "a proof verifies for the right elements alone");
  for (const Identifier& identifier : world.book) {
    const oprf::PrfOutput* output = finished->outputs().find(identifier);
    require(output != nullptr && *output == world.city.evaluate(identifier),
            "the outputs are those of the key");
  }
}

}  // namespace blindbook::fuzz
