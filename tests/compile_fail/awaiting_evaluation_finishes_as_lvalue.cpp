// expect: ('this' argument|discards qualifiers)
#include <utility>

#include "blindbook/protocol/client.h"

using blindbook::protocol::AwaitingEvaluation;

auto step(AwaitingEvaluation& waiting, blindbook::ByteView answer) {
#ifdef FAULT
  return waiting.finish(answer);
#else
  return std::move(waiting).finish(answer);
#endif
}
