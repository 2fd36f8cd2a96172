// expand_message_xmd with SHA-512, 64 bytes out: one message, and a batch in the lanes of the kernel.
#include "blindbook/group/expand_messages.h"
#include "blindbook/hash/expand_message.h"

#include "tests/bench/micro/inputs.h"
#include "tests/bench/micro/sodium_peer.h"

namespace {

using namespace blindbook;
using namespace blindbook::bench;

void expand_message(benchmark::State& state) {
  const auto texts = identifiers(1);
  std::array<std::uint8_t, 64> out{};
  for (auto _ : state) {
    hash::expand_message_xmd(G::kHash, {bytes_of(texts[0])}, bytes_of(kHashToGroupTag), out);
    benchmark::DoNotOptimize(out);
  }
  report(state, 1);
}
BENCHMARK(expand_message);

void expand_messages(benchmark::State& state) {
  const std::size_t count = size_argument(state);
  const auto texts = identifiers(count);
  const auto messages = views(texts);
  Bytes out(64 * count);
  for (auto _ : state) {
    group::expand_messages(group::kernel::active(), messages, bytes_of(kHashToGroupTag), out);
    benchmark::DoNotOptimize(out.data());
  }
  report(state, count);
}
BENCHMARK(expand_messages)->Arg(kBatch)->Unit(benchmark::kMicrosecond);

void libsodium_expand_message(benchmark::State& state) {
  const auto texts = identifiers(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(sodium::expand_message(bytes_of(texts[0])));
  }
  report(state, 1);
}
BENCHMARK(libsodium_expand_message);

}  // namespace
