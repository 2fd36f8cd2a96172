// What a service does with the body of POST /v1/evaluate before it charges anybody.
#include <algorithm>

#include "blindbook/protocol/codec.h"

#include "tests/fuzz/fuzz.h"
#include "tests/protocol/in_memory_operator.h"

namespace blindbook::fuzz {

void run(ByteView input) {
  using namespace protocol;
  static test_support::InMemoryOperator city;
  const auto request = parse_request(input);
  if (!request) {
    require_refusal(request.error(), Fault::kPeerMisbehaved,
                    {"evaluate.header", "evaluate.batch-size", "evaluate.length"});
    return;
  }
  const Bytes again =
      encode_request(city.keys().public_key, request->epoch, request->count, request->elements);
  require(std::ranges::equal(again, input), "a request that is understood is the one its parts make");

  const EpochKey* key = city.evaluator().live_key(*request, test_support::kNow);
  require((key != nullptr) == (request->epoch == city.epoch().id), "a key serves its own epoch alone");
  // The epoch is one hash value of many; go on all the same.
  const EpochKey any{
      request->epoch, {}, {}, city.suite().decode_secret_key(city.keys().secret.expose()).value()};
  auto work = city.evaluator().accept(input, *request, any);
  if (!work) {
    require_refusal(work.error(), Fault::kPeerMisbehaved, {"oprf.element"});
    return;
  }
  require(work->count() == request->count, "every element is decoded");
  require(work->digest() == digest_of_request(input), "a request is charged by its digest");
  work->evaluate(0, work->count());
  const Bytes answer = std::move(*work).answer(7, city.random()).value();
  require(parse_answer(answer, city.suite().sizes(), digest_of_request(input), request->count).has_value(),
          "an accepted request is answered");
}

}  // namespace blindbook::fuzz
