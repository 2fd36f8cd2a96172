// The multiplications by a secret scalar that others run every day, beside our own: Diffie-Hellman of OpenSSL on X25519
// and on P-256. One operation each; keys and context are made before.
#include <memory>

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "tests/bench/micro/inputs.h"

namespace {

using namespace blindbook;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free>;

void derive(benchmark::State& state, const Key& own, const Key& peer) {
  const Context context(EVP_PKEY_CTX_new(own.get(), nullptr));
  std::array<std::uint8_t, 32> shared{};
  if (!own || !peer || !context || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1) {
    state.SkipWithError("OpenSSL made no key");
    return;
  }
  for (auto _ : state) {
    std::size_t size = shared.size();
    if (EVP_PKEY_derive(context.get(), shared.data(), &size) != 1) {
      state.SkipWithError("OpenSSL derived nothing");
      return;
    }
    benchmark::DoNotOptimize(shared);
  }
  bench::report(state, 1);
}

void openssl_x25519_derive(benchmark::State& state) {
  derive(state, Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")),
         Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")));
}
BENCHMARK(openssl_x25519_derive);

void openssl_p256_derive(benchmark::State& state) {
  derive(state, Key(EVP_EC_gen("P-256")), Key(EVP_EC_gen("P-256")));
}
BENCHMARK(openssl_p256_derive);

}  // namespace
