// expect: (is private|private member)
#include <utility>

#include "blindbook/directory/matches.h"

using blindbook::directory::UnverifiedMatches;

std::size_t count(UnverifiedMatches& found, const blindbook::Root& root) {
#ifdef FAULT
  static_cast<void>(root);
  return found.runs_.size();
#else
  return std::move(found).verify(root).value().matches.size();
#endif
}
