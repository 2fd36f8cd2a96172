#pragma once

#include "blindbook/oprf/dleq.h"

namespace blindbook::oprf {

/// The door Dleq leaves open to tests: proofs with a nonce that the caller chooses. A nonce used twice gives
/// the key away, so this exists under tests/ only.
struct DleqForTesting {
  template <group::Group G>
  [[nodiscard]] static typename Dleq<G>::Proof generate_with_nonce(const Context& context,
                                                                   const typename G::Scalar& secret,
                                                                   const DleqStatement<G>& statement,
                                                                   const typename G::Scalar& nonce) {
    return Dleq<G>::prove(context, secret, statement,
                          Dleq<G>::composites_fast(context, secret, statement, calling_thread()), nonce);
  }
};

}  // namespace blindbook::oprf
