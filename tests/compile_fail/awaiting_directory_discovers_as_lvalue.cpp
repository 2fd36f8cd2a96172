// expect: ('this' argument|discards qualifiers)
#include <utility>

#include "blindbook/protocol/client.h"

using blindbook::protocol::AwaitingDirectory;
using blindbook::protocol::DirectoryReading;

auto step(AwaitingDirectory& awaiting, DirectoryReading& reading) {
#ifdef FAULT
  return awaiting.discover(std::move(reading));
#else
  return std::move(awaiting).discover(std::move(reading));
#endif
}
