// expect: (is private|private constructor)
#include <utility>

#include "blindbook/oprf/suite.h"

using blindbook::oprf::ClientBatch;
using blindbook::oprf::VerifiedBatch;

VerifiedBatch skip_the_proof(ClientBatch& batch, blindbook::ByteView evaluated, blindbook::ByteView proof) {
#ifdef FAULT
  static_cast<void>(batch);
  static_cast<void>(evaluated);
  static_cast<void>(proof);
  return VerifiedBatch(std::unique_ptr<VerifiedBatch::State>());
#else
  return std::move(batch).verify(evaluated, proof).value();
#endif
}
