#pragma once

#include <span>

#include "blindbook/base/bytes.h"
#include "blindbook/group/group.h"
#include "blindbook/oprf/context.h"

/// Blind and Finalize as RFC 9497 section 3.3.1 writes them: B = blind * HashToGroup(x), unblinded by the
/// inverse. Here for the vectors of the RFC, which fix `blind`, and as a second way to the same outputs.
/// Nothing in the product includes this file: additive blinding needs fixed-base work only.
namespace blindbook::oprf {

/// blind * HashToGroup(input).
template <group::Group G>
[[nodiscard]] typename G::Element blind_multiplicatively_for_testing(const Context& context, ByteView input,
                                                                     const typename G::Scalar& blind) {
  typename G::Element hashed = G::identity();
  G::hash_to_group_batch(std::span(&input, 1), context.hash_to_group_dst(), std::span(&hashed, 1));
  return G::multiply(blind, hashed);
}

/// blind^-1 * evaluated. `blind` is not zero.
template <group::Group G>
[[nodiscard]] typename G::Element unblind_multiplicatively_for_testing(const typename G::Element& evaluated,
                                                                       const typename G::Scalar& blind) {
  return G::multiply(G::invert(blind), evaluated);
}

}  // namespace blindbook::oprf
