#pragma once

#include <cstdint>

#include "blindbook/model/exact.h"

/// How often chance shows a number as a subscriber that is none. For a number that is not in the directory
/// the tag is as good as uniform in [0, 2^w), independent of every other (the PRF's promise), so that the
/// probabilities below are exact given the number of *distinct* tags. docs/spec/model.md derives them.
namespace blindbook::model {

/// Width of a tag in protocol v1.
inline constexpr unsigned kTagBits = 56;
/// Bits of an embedded label's siv, which must agree too.
inline constexpr unsigned kLabelCheckBits = 64;

/// What a directory lets chance work with.
struct TagSpace {
  std::uint64_t distinct_tags = 0;  ///< of the directory; at most 2^tag_bits
  unsigned tag_bits = kTagBits;     ///< w
  bool labels = false;              ///< a match counts only when its embedded label opens
};

/// That one look-up of a number that does not subscribe is a match: d / 2^w; with labels at most that over
/// 2^64, since the padding must be zero as well.
[[nodiscard]] Rational false_positive_per_lookup(const TagSpace& space);

/// That at least one of `lookups` such look-ups is: 1 - (1 - p)^k. Exact, with terms of k * w bits (k * 120 with
/// labels), so for one run (at most 8,192 look-ups), not for a city.
[[nodiscard]] Fraction false_positive_per_run(const TagSpace& space, std::uint32_t lookups);

/// A city over a year: every client looks the same number of non-subscribers up in every epoch, no two
/// clients the same ones, which is the worst case. A tag changes only with the epoch, so the daily runs
/// within one add nothing.
struct CityYear {
  std::uint64_t clients = 0;
  std::uint64_t contacts = 1024;               ///< of each that do not subscribe
  Rational epochs_a_year = Rational(365, 90);  ///< protocol v1: an epoch every 90 days
};

/// Expected number of false matches that all clients together are shown in that year: exact, and an upper
/// bound of the probability that there is one.
[[nodiscard]] Rational false_positives_per_city_year(const TagSpace& space, const CityYear& city);

}  // namespace blindbook::model
