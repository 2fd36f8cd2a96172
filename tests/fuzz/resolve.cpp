// The two messages that resolve a label. Input: either.
#include "blindbook/protocol/resolve.h"

#include "tests/fuzz/fuzz.h"

namespace blindbook::fuzz {
namespace {

void check_request(ByteView input) {
  const auto request = protocol::parse_resolve_request(input);
  if (!request) {
    require_refusal(request.error(), Fault::kPeerMisbehaved, {"resolve.header", "resolve.length"});
    return;
  }
  require(protocol::encode_resolve_request(*request) == Bytes(input.begin(), input.end()),
          "a request that is read is written as it was");
}

void check_answer(ByteView input) {
  const auto request = protocol::digest_of_resolve({});
  for (const std::uint16_t label_bytes : std::initializer_list<std::uint16_t>{2, 32, 512}) {
    const auto sealed = protocol::parse_resolve_answer(input, label_bytes, request);
    if (!sealed) {
      require_refusal(sealed.error(), Fault::kPeerMisbehaved,
                      {"resolve-answer.header", "resolve-answer.echo", "resolve-answer.length"});
      continue;
    }
    require(sealed->size() == directory::sealed_bytes(label_bytes), "an answer has the length of a label");
    require(protocol::encode_resolve_answer(request, *sealed) == Bytes(input.begin(), input.end()),
            "an answer that is read is written as it was");
  }
}

}  // namespace

void run(ByteView input) {
  check_request(input);
  check_answer(input);
}

}  // namespace blindbook::fuzz
