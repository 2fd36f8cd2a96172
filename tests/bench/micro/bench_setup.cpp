// What a publisher does with an identifier in its final form: to the tag under the key at hand.
#include "blindbook/directory/tag.h"

#include "tests/bench/micro/inputs.h"
#include "tests/bench/micro/sodium_peer.h"

namespace {

using namespace blindbook;
using namespace blindbook::bench;

/// Tags by blindbook; `outputs` is room for the PRF outputs.
void make_tags(const oprf::KeyPair& keys, std::span<const ByteView> messages,
               std::vector<oprf::PrfOutput>& outputs, std::vector<Tag>& tags) {
  suite().evaluate_unblinded(keys.secret, messages, outputs);
  for (std::size_t i = 0; i < tags.size(); ++i) {
    tags[i] = directory::tag_of(outputs[i].expose());
  }
}

void setup(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const auto texts = identifiers(count);
  const auto messages = views(texts);
  const oprf::KeyPair keys = key_pair();
  std::vector<oprf::PrfOutput> outputs(count);
  std::vector<Tag> tags(count);
  for (auto _ : state) {
    make_tags(keys, messages, outputs, tags);
    benchmark::DoNotOptimize(tags.data());
  }
  report(state, count);
}
BENCHMARK(setup)->Arg(16)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

void libsodium_setup(benchmark::State& state) {
  const auto texts = identifiers(kBatch);
  const auto messages = views(texts);
  const oprf::KeyPair keys = key_pair();
  sodium::Bytes32 k{};
  std::ranges::copy(keys.secret.expose(), k.begin());
  std::vector<Tag> tags(kBatch);
  for (auto _ : state) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      const sodium::Bytes32 evaluated = sodium::multiply(k, sodium::hash_to_group(messages[i]));
      tags[i] = directory::tag_of(sodium::finalize(messages[i], evaluated));
    }
    benchmark::DoNotOptimize(tags.data());
  }
  std::vector<oprf::PrfOutput> outputs(kBatch);
  std::vector<Tag> expected(kBatch);
  make_tags(keys, messages, outputs, expected);
  if (tags != expected) {
    state.SkipWithError("libsodium's tags differ");
  }
  report(state, kBatch);
}
BENCHMARK(libsodium_setup)->Unit(benchmark::kMicrosecond);

}  // namespace
