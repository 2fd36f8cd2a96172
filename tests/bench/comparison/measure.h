#pragma once

#include <functional>
#include <string>

#include "tests/bench/comparison/forecast.h"
#include "tests/bench/comparison/parties.h"
#include "tests/bench/comparison/report.h"

namespace blindbook::bench {

/// Is told what comes next, and how many seconds of the forecast are behind.
using ShowProgress = std::function<void(const std::string& what, double done_seconds)>;

/// Is given each figure at once.
struct Keep {
  std::function<void(const Setup&)> setup;
  std::function<void(const Run&)> run;
};

/// Measures what `comparison` lacks of its plan, and adds it there. At each number of subscribers every service is set up
/// once, then the rounds go through all protocols and numbers of contacts in random order. Services of which nothing is
/// missing are not started. Throws PartyFailed, also when a protocol misses a match, and Interrupted.
void measure(const Keeping& keeping, const Forecast& forecast, Comparison& comparison, const Keep& keep,
             const ShowProgress& show);

}  // namespace blindbook::bench
