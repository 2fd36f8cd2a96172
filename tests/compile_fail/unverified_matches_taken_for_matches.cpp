// expect: (could not convert|conversion from|no viable conversion)
#include <utility>

#include "blindbook/directory/matches.h"

using blindbook::directory::Matches;
using blindbook::directory::UnverifiedMatches;

Matches open(UnverifiedMatches& found, const blindbook::Root& root) {
#ifdef FAULT
  static_cast<void>(root);
  return std::move(found);
#else
  return std::move(found).verify(root).value();
#endif
}
