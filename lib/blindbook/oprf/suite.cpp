#include "blindbook/oprf/suite.h"

#include <array>
#include <utility>

#include "blindbook/group/ristretto255.h"
#include "blindbook/oprf/batch_state.h"
#include "blindbook/oprf/suite_of.h"

namespace blindbook::oprf {

const Suite* find_suite(SuiteId id) noexcept {
  static const SuiteOf<group::Ristretto255> ristretto255(SuiteId::kRistretto255Sha512, "ristretto255-SHA512",
                                                         "ristretto255-sha512");
  return id == ristretto255.id() ? &ristretto255 : nullptr;
}

const Suite* find_suite_by_cli_name(std::string_view name) noexcept {
  for (const SuiteId id : {SuiteId::kRistretto255Sha512, SuiteId::kP256Sha256}) {
    const Suite* suite = find_suite(id);
    if (suite != nullptr && suite->cli_name() == name) {
      return suite;
    }
  }
  return nullptr;
}

BlindResult Suite::blind(std::span<const ByteView> inputs, RandomSource& random, const PublicKey& key) const {
  const std::unique_ptr<BlindingJob> job = begin_blinding(inputs, key);
  job->step(inputs.size(), random);
  return std::move(*job).finish().value();
}

PublicKey Suite::make_public_key(SuiteId suite, ByteView bytes) {
  return PublicKey(suite, bytes);
}

SecretKey Suite::make_secret_key(SuiteId suite, SecretBytes scalar) {
  return SecretKey(suite, std::move(scalar));
}

ClientBatch Suite::make_client_batch(std::unique_ptr<ClientBatch::State> state) {
  return ClientBatch(std::move(state));
}

ClientBatch::ClientBatch(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
ClientBatch::ClientBatch(ClientBatch&&) noexcept = default;
ClientBatch& ClientBatch::operator=(ClientBatch&&) noexcept = default;
ClientBatch::~ClientBatch() = default;

std::size_t ClientBatch::count() const noexcept {
  return state_ ? state_->count() : 0;
}

ByteView ClientBatch::elements() const noexcept {
  return state_ ? state_->elements() : ByteView();
}

SecretBytes ClientBatch::save() const {
  return state_ ? state_->save() : SecretBytes();
}

Result<ClientBatch> ClientBatch::load(const Suite& suite, ByteView saved) {
  ByteReader reader(saved);
  std::unique_ptr<State> state;
  if (reader.u8() == kSavedBatchVersion && reader.u8() == static_cast<std::uint8_t>(suite.id())) {
    state = suite.load_batch(reader);
  }
  if (!state) {
    return bad_input("oprf.saved-batch", "this is not a saved batch of this suite");
  }
  return ClientBatch(std::move(state));
}

Result<VerifiedBatch> ClientBatch::verify(ByteView evaluated_elements, ByteView proof) && {
  // Taken out first, so that a failure destroys the masks.
  const std::unique_ptr<State> state = std::exchange(state_, nullptr);
  if (!state) {
    return api_misuse("oprf.consumed", "the batch was consumed before");
  }
  auto verified = std::move(*state).verify(evaluated_elements, proof);
  if (!verified) {
    return failed(verified);
  }
  return VerifiedBatch(std::move(*verified));
}

VerifiedBatch::VerifiedBatch(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
VerifiedBatch::VerifiedBatch(VerifiedBatch&&) noexcept = default;
VerifiedBatch& VerifiedBatch::operator=(VerifiedBatch&&) noexcept = default;
VerifiedBatch::~VerifiedBatch() = default;

std::vector<PrfOutput> VerifiedBatch::finalize() && {
  const std::unique_ptr<State> state = std::exchange(state_, nullptr);
  return state ? state->finalize() : std::vector<PrfOutput>();
}

}  // namespace blindbook::oprf
