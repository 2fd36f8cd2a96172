// expect: ('this' argument|discards qualifiers)
#include <span>
#include <utility>

#include "blindbook/protocol/client.h"

using blindbook::protocol::Ready;

auto step(Ready& ready, std::span<const blindbook::Identifier> identifiers, blindbook::RandomSource& random) {
#ifdef FAULT
  return ready.blind(identifiers, 64, random);
#else
  return std::move(ready).blind(identifiers, 64, random);
#endif
}
