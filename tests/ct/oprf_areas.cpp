// The suite as protocol/ calls it: keys, a client's batch, a server's job.
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "blindbook/oprf/suite.h"

#include "tests/ct/watch.h"

namespace blindbook::ct {
namespace {

constexpr std::size_t kCount = 9;

const oprf::Suite& suite() {
  return *oprf::find_suite(SuiteId::kRistretto255Sha512);
}

/// A pair of which the secret half is watched.
oprf::KeyPair secret_pair() {
  SecretRandom random(1);
  Secret<32> seed;
  random.fill(seed.expose_mutable());
  return suite().derive_key_pair(seed, bytes_of("ct")).value();
}

/// Identifiers of one length: what a person has in the address book.
class SecretInputs {
 public:
  SecretInputs() : texts_(kCount, Bytes(17, '1')) {
    for (Bytes& text : texts_) {
      make_secret(MutableBytes(text));
      views_.emplace_back(text);
    }
  }
  [[nodiscard]] std::span<const ByteView> views() const { return views_; }

 private:
  std::vector<Bytes> texts_;
  std::vector<ByteView> views_;
};

Bytes exposed(ByteView secret) {
  return {secret.begin(), secret.end()};
}

Bytes exposed(std::span<const oprf::PrfOutput> outputs) {
  Bytes out;
  for (const oprf::PrfOutput& output : outputs) {
    out.insert(out.end(), output.expose().begin(), output.expose().end());
  }
  return out;
}

oprf::BlindResult blinded_batch() {
  const SecretInputs inputs;
  SecretRandom random(2);
  return suite().blind(inputs.views(), random, secret_pair().public_key);
}

/// The service's half, on the elements as they arrive: public.
oprf::Evaluated evaluated(const Bytes& elements) {
  const oprf::KeyPair pair = secret_pair();
  SecretRandom random(3);
  auto job = suite().decode_batch(elements, kCount).value();
  job->evaluate(pair.secret, 0, 4);
  job->evaluate(pair.secret, 4, kCount);
  return std::move(*job).finish(pair.secret, pair.public_key, random).value();
}

Bytes derive_key() {
  const oprf::KeyPair pair = secret_pair();
  const auto read = suite().decode_secret_key(pair.secret.expose());
  return exposed(read.value().secret.expose());
}

/// Nothing of the batch is secret on the wire; what is kept to unblind it is.
Bytes blind() {
  const oprf::BlindResult result = blinded_batch();
  return exposed(result.batch.save().expose());
}

Bytes load() {
  const SecretBytes saved = blinded_batch().batch.save();
  const auto loaded = oprf::ClientBatch::load(suite(), saved.expose());
  return exposed(loaded.value().save().expose());
}

Bytes evaluate_and_prove() {
  return evaluated(blinded_batch().elements).proof;
}

Bytes verify_and_finalize() {
  oprf::BlindResult result = blinded_batch();
  const oprf::Evaluated answer = evaluated(result.elements);
  make_public(answer.proof);  // the service has sent it
  auto verified = std::move(result.batch).verify(answer.elements, answer.proof);
  return exposed(std::move(verified.value()).finalize());
}

Bytes evaluate_unblinded() {
  const oprf::KeyPair pair = secret_pair();
  const SecretInputs inputs;
  std::vector<oprf::PrfOutput> outputs(kCount);
  suite().evaluate_unblinded(pair.secret, inputs.views(), outputs);
  return exposed(outputs);
}

}  // namespace

std::vector<Area> oprf_areas() {
  return {{"derive-key", derive_key},
          {"blind", blind},
          {"load", load},
          {"evaluate-and-prove", evaluate_and_prove},
          {"verify-and-finalize", verify_and_finalize},
          {"evaluate-unblinded", evaluate_unblinded}};
}

}  // namespace blindbook::ct
