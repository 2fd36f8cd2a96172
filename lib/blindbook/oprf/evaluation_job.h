#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/constant_time.h"
#include "blindbook/base/dead_stack.h"
#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/workers.h"
#include "blindbook/group/group.h"
#include "blindbook/oprf/context.h"
#include "blindbook/oprf/dleq.h"
#include "blindbook/oprf/keys.h"
#include "blindbook/oprf/oprf.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/oprf/wire.h"

/// The server's side of a batch over the group G: EvaluationJob of suite.h.
namespace blindbook::oprf {

/// The scalar of a key of `suite`. Throws std::invalid_argument for a key of another suite.
template <group::Group G>
[[nodiscard]] typename G::Scalar scalar_of(const SecretKey& key, SuiteId suite) {
  std::optional<typename G::Scalar> scalar;
  if (key.suite() == suite) {
    scalar = G::decode_scalar(key.expose().template first<G::kScalarBytes>());
  }
  if (!scalar) {
    throw std::invalid_argument("oprf: the secret key is of another suite");
  }
  return std::move(*scalar);
}

template <group::Group G>
class JobOf final : public EvaluationJob {
  using Element = typename G::Element;
  using EncodedElement = typename G::EncodedElement;

 public:
  /// `context` outlives the object; `blinded` are the elements of `blinded_encoded`.
  JobOf(const Context& context, SuiteId suite, std::vector<Element> blinded,
        std::vector<EncodedElement> blinded_encoded)
      : context_(context),
        suite_(suite),
        blinded_(std::move(blinded)),
        blinded_encoded_(std::move(blinded_encoded)),
        evaluated_encoded_(blinded_.size()),
        evaluated_(blinded_.size()) {}

  [[nodiscard]] std::size_t count() const noexcept override { return blinded_.size(); }

  void evaluate(const SecretKey& key, std::size_t first, std::size_t last) override {
    if (first > last || last > count()) {
      throw std::invalid_argument("oprf: the range is not inside the batch");
    }
    const std::size_t size = last - first;
    leave_no_stack([&] {
      G::multiply_encode_batch(scalar_of<G>(key, suite_), std::span(blinded_).subspan(first, size),
                               std::span(evaluated_encoded_).subspan(first, size));
    });
    std::fill_n(evaluated_.begin() + static_cast<std::ptrdiff_t>(first), size, std::uint8_t{1});
  }

  [[nodiscard]] Result<Evaluated> finish(const SecretKey& key, const PublicKey& public_key,
                                         RandomSource& random, Workers& workers) &&
      override {
    if (!std::all_of(evaluated_.begin(), evaluated_.end(), [](std::uint8_t done) { return done == 1; })) {
      return api_misuse("oprf.not-evaluated", "an element of the batch was not evaluated");
    }
    return leave_no_stack([&] { return prove(key, public_key, random, workers); });
  }

 private:
  /// finish() once every element is evaluated.
  [[nodiscard]] Result<Evaluated> prove(const SecretKey& key, const PublicKey& public_key,
                                        RandomSource& random, Workers& workers) const {
    const typename G::Scalar secret = scalar_of<G>(key, suite_);
    const EncodedElement own_key = G::encode(public_key_of<G>(secret));
    // The public key is announced, and the elements are the answer: what follows computes on them in the
    // open.
    declassify(&own_key, sizeof own_key);
    declassify(evaluated_encoded_.data(), evaluated_encoded_.size() * sizeof(EncodedElement));
    if (public_key.suite() != suite_ || !std::ranges::equal(public_key.bytes(), own_key.view())) {
      return api_misuse("oprf.key-mismatch", "the public key does not belong to the secret key");
    }
    const DleqStatement<G> statement{own_key, blinded_, blinded_encoded_, evaluated_encoded_};
    const auto proof = Dleq<G>::generate(context_, secret, statement, random, workers);
    return Evaluated{.elements = join_elements<G>(evaluated_encoded_),
                     .proof = Bytes(proof.begin(), proof.end())};
  }

  const Context& context_;
  SuiteId suite_;
  std::vector<Element> blinded_;
  std::vector<EncodedElement> blinded_encoded_;
  std::vector<EncodedElement> evaluated_encoded_;
  /// One byte for each element, 1 once evaluated: bytes, because threads write to neighbours.
  std::vector<std::uint8_t> evaluated_;
};

}  // namespace blindbook::oprf
