// A suspended request. Input: the content behind the seal; the target seals it, so that what stands behind is
// reached.
#include "blindbook/protocol/pending.h"

#include <algorithm>

#include "blindbook/base/domains.h"
#include "blindbook/protocol/aead.h"
#include "blindbook/protocol/params.h"

#include "tests/fuzz/evaluate_world.h"
#include "tests/fuzz/fuzz.h"

namespace blindbook::fuzz {
namespace {

using namespace protocol;

constexpr std::uint8_t kVersion = 1;

Bytes header() {
  ByteWriter out;
  out.raw(magic::kPending).u8(kVersion);
  return std::move(out).take();
}

Bytes context() {
  ByteWriter out;
  out.raw(domain::kPending).raw(header());
  return std::move(out).take();
}

/// As Ready::resume() takes it up, in the epoch that it names.
void check_resuming(ByteView blob, const PendingContent& content, const EvaluateWorld& world) {
  auto batch = oprf::ClientBatch::load(test_support::InMemoryOperator::suite(), content.batch.expose());
  if (!batch) {
    require_refusal(batch.error(), Fault::kBadInput, {"oprf.saved-batch"});
  } else {
    require(batch->save() == content.batch, "a batch that loads is the one that was saved");
  }
  auto resumed = std::move(*Ready::begin(world.city.epoch(), {})).resume(world.key, blob);
  if (!resumed) {
    require_refusal(resumed.error(), Fault::kBadInput, {"client.pending"});
    return;
  }
  require(batch.has_value() && content.named.epoch == world.city.epoch().id,
          "only a whole request is taken up");
  const auto request = parse_request(resumed->request);
  require(request && request->count == content.slots.size() && request->epoch == content.named.epoch,
          "a request that is taken up is a request");
  require(std::ranges::equal(request->elements, batch->elements()), "the request is sent again as it was");
}

}  // namespace

void run(ByteView input) {
  static EvaluateWorld world;
  test_support::DeterministicRandom random(seed_of(input));
  ByteWriter blob;
  blob.raw(header()).raw(aead_seal(world.key, context(), input, random));

  const auto forged = decode_pending(world.key, input);
  require(!forged, "nothing opens that was not sealed with the key");
  require_refusal(forged.error(), Fault::kBadInput, {"client.pending"});

  const auto content = decode_pending(world.key, blob.view());
  if (!content) {
    require_refusal(content.error(), Fault::kBadInput, {"client.pending"});
    return;
  }
  const Bytes again = encode_pending(world.key, *content, random);
  const SecretBytes plain = aead_open(world.key, context(), ByteView(again).subspan(header().size())).value();
  require(std::ranges::equal(plain.expose(), input), "content that is understood is the one its parts make");
  const auto named = inspect_pending(world.key, blob.view());
  require(named && named->epoch == content->named.epoch && named->order == content->named.order,
          "a request is named alike however it is read");
  check_resuming(blob.view(), *content, world);
}

}  // namespace blindbook::fuzz
