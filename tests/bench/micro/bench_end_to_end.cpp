// Whole journeys in one thread, without files and networks.
#include "blindbook/directory/builder.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/directory/tag.h"

#include "tests/bench/micro/inputs.h"

namespace {

using namespace blindbook;
using namespace blindbook::bench;

/// Identifiers to PRF outputs through client and server: blind, evaluate with proof, verify, finalize.
void batch_from_identifiers_to_outputs(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  SystemRandom random;
  const auto texts = identifiers(count);
  const auto messages = views(texts);
  const oprf::KeyPair keys = key_pair();
  for (auto _ : state) {
    auto [batch, request] = suite().blind(messages, random, keys.public_key);
    const oprf::Evaluated answer = answer_to(request, count, keys, random);
    auto verified = std::move(batch).verify(answer.elements, answer.proof);
    if (!verified) {
      state.SkipWithError("the answer was refused");
      return;
    }
    benchmark::DoNotOptimize(std::move(*verified).finalize());
  }
  report(state, count);
}
BENCHMARK(batch_from_identifiers_to_outputs)->Arg(kBatch)->Unit(benchmark::kMillisecond);

/// Identifiers, and labels of so many bytes, to the bytes of a directory.
void directory_from_identifiers(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const auto label_bytes = static_cast<std::uint16_t>(state.range(1));
  const auto texts = identifiers(count);
  const auto messages = views(texts);
  const oprf::KeyPair keys = key_pair();
  const directory::LabelSealer sealer(suite().id(), EpochId(), label_bytes);
  std::vector<oprf::PrfOutput> outputs(kBatch);
  Bytes sealed(directory::sealed_bytes(label_bytes));
  for (auto _ : state) {
    directory::Builder builder(suite().id(), EpochId(), Edition(1), label_bytes, "");
    builder.reserve(count);
    for (std::size_t at = 0; at < count; at += kBatch) {
      const std::size_t size = std::min(kBatch, count - at);
      const std::span slice = std::span(outputs).first(size);
      suite().evaluate_unblinded(keys.secret, std::span(messages).subspan(at, size), slice);
      for (const oprf::PrfOutput& output : slice) {
        if (label_bytes > 0 && !sealer.seal(output.expose(), "anna.example", sealed)) {
          state.SkipWithError("a label was refused");
          return;
        }
        builder.add(directory::tag_of(output.expose()), sealed);
      }
    }
    const auto file = std::move(builder).finish();
    if (!file) {
      state.SkipWithError("the directory was refused");
      return;
    }
    benchmark::DoNotOptimize(file->data());
  }
  report(state, count);
}
BENCHMARK(directory_from_identifiers)->Args({100'000, 0})->Args({100'000, 24})->Unit(benchmark::kMillisecond);

}  // namespace
