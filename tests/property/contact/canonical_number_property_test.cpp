#include <algorithm>
#include <cstddef>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/contact/canonical_number.h"
#include "blindbook/contact/normaliser.h"
#include "blindbook/contact/prefix_pattern.h"

#include "tests/property/contact/numbering_plans.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::contact {
namespace {

using test_support::all_regions;
using test_support::DeterministicRandom;
using test_support::numbering_plans;
using test_support::NumberingPlan;

std::size_t power_of_ten(std::size_t exponent) {
  std::size_t out = 1;
  for (; exponent > 0; --exponent) {
    out *= 10;
  }
  return out;
}

/// `value` with leading zeros.
std::string digits(std::size_t value, std::size_t size) {
  const std::string out = std::to_string(value);
  return std::string(size - out.size(), '0') + out;
}

/// Holds the short way against the long one. A space in front keeps a number from the short way and changes
/// nothing else. Each number is read in another region: the result may not depend on it.
class Comparison {
 public:
  Comparison() {
    for (const std::string& region : all_regions()) {
      normalisers_.push_back(*Normaliser::create(region));
    }
    normalisers_.push_back(*Normaliser::create(std::nullopt));
  }

  void compare(const std::string& text) {
    ++numbers_;
    if (!is_canonical_number(text)) {
      return;
    }
    ++canonical_;
    const Normaliser& normaliser = normalisers_[canonical_ % normalisers_.size()];
    if (!is_unchanged(normaliser.normalise(" " + text), text)) {
      FAIL_CHECK("the library does not read as itself: " << text);
    }
    if (canonical_ % kEvery == 0 && !is_unchanged(normaliser.normalise(text), text)) {
      FAIL_CHECK("the short way does not give what it should: " << text);
    }
  }

  /// Every beginning of `depth` digits of the national numbers of `plan`, with `size` digits in all.
  void compare_all(const NumberingPlan& plan, std::size_t size, std::size_t depth) {
    for (std::size_t start = 0; start < power_of_ten(depth); ++start) {
      std::string national = digits(start, depth);
      national.resize(size, '0');  // cuts as well
      for (std::size_t i = depth; i < size; ++i) {
        national[i] = static_cast<char>('0' + random_.below(10));
      }
      compare("+" + plan.country_code + national);
    }
  }

  std::size_t numbers() const { return numbers_; }
  std::size_t canonical() const { return canonical_; }

 private:
  static constexpr std::size_t kEvery = 16;

  static bool is_unchanged(const Normalised& result, const std::string& text) {
    return result.identifiers.size() == 1 && result.identifiers.front().e164() == text && !result.reason &&
           !result.warning;
  }

  std::vector<Normaliser> normalisers_;
  DeterministicRandom random_{33};
  std::size_t numbers_ = 0;
  std::size_t canonical_ = 0;
};

/// Every beginning of `depth` digits at every length an identifier may have, for calling codes that begin
/// with one of `first_digits`.
void compare_plans(Comparison& out, std::string_view first_digits, std::size_t depth) {
  for (const NumberingPlan& plan : numbering_plans()) {
    if (first_digits.find(plan.country_code.front()) == std::string_view::npos) {
      continue;
    }
    const std::size_t before = out.canonical();
    for (std::size_t size = 7; size <= 15; ++size) {
      const std::size_t national = size - plan.country_code.size();
      out.compare_all(plan, national, std::min(depth, national));
    }
    CAPTURE(plan.country_code);
    // Saint Helena's full numbers have four and five digits, as its short ones do.
    CHECK((out.canonical() > before || plan.lengths.back() <= 5));
  }
}

void check_plans(std::string_view first_digits) {
  Comparison done;
  compare_plans(done, first_digits, 3);
  INFO(done.numbers() << " numbers, of which canonical " << done.canonical());
  CHECK(done.canonical() > done.numbers() / 8);  // most lengths are no country's
}

// By parts, so that they run side by side.
TEST_CASE("a canonical number is what the library makes of it - codes 1 to 3") {
  check_plans("123");
}

TEST_CASE("a canonical number is what the library makes of it - codes 4 to 5") {
  check_plans("45");
}

TEST_CASE("a canonical number is what the library makes of it - codes 6 to 9") {
  check_plans("6789");
}

TEST_CASE("long national prefixes are never overlooked") {
  Comparison comparison;
  std::size_t plans = 0;
  for (const NumberingPlan& plan : numbering_plans()) {
    if (plan.national_prefix.size() > 1) {
      ++plans;
      const std::size_t size =
          static_cast<std::size_t>(plan.lengths[comparison.numbers() % plan.lengths.size()]);
      comparison.compare_all(plan, size, std::min<std::size_t>(size, 4));
    }
  }
  CHECK(plans > 10);
  // Argentina's: an area code of two to four digits and 15.
  for (std::size_t area = 0; area < 10'000; ++area) {
    const std::string four = digits(area, 4);
    for (std::size_t size = 2; size <= 4; ++size) {
      comparison.compare("+54" + four.substr(0, size) + "15" + std::string(8 - size, '0'));
      comparison.compare("+54" + four.substr(0, size) + "15" + std::string(9 - size, '0'));
    }
  }
  CHECK(comparison.canonical() > comparison.numbers() / 4);
}

// Hidden, because it takes minutes: test_contact_property "[exhaustive]".
TEST_CASE("every beginning of four digits and every long prefix of six", "[.exhaustive]") {
  Comparison all;
  compare_plans(all, "123456789", 4);
  for (const NumberingPlan& plan : numbering_plans()) {
    if (plan.national_prefix.size() > 1) {
      for (const int size : {plan.lengths.front(), plan.lengths.back()}) {
        all.compare_all(plan, static_cast<std::size_t>(size),
                        std::min<std::size_t>(6, static_cast<std::size_t>(size)));
      }
    }
  }
  WARN(all.numbers() << " numbers, of which canonical " << all.canonical());
}

TEST_CASE("a prefix pattern agrees with a regular expression engine") {
  DeterministicRandom random(34);
  std::set<std::string> expressions;
  for (const NumberingPlan& plan : numbering_plans()) {
    expressions.insert(plan.national_prefix);
  }
  CHECK(expressions.size() > 10);
  for (const std::string& expression : expressions) {
    CAPTURE(expression);
    const PrefixPattern pattern(expression);
    const std::regex engine(expression);
    std::size_t differ = 0;
    for (std::size_t start = 0; start < 10'000; ++start) {
      std::string number = digits(start, 4);
      for (std::uint64_t more = random.below(9); more > 0; --more) {
        number.push_back(static_cast<char>('0' + random.below(10)));
      }
      std::smatch match;
      const bool takes = std::regex_search(number, match, engine, std::regex_constants::match_continuous) &&
                         match.length() > 0;
      differ += takes != pattern.may_take_from(number) ? 1U : 0U;
    }
    CHECK(differ == 0);
  }
}

}  // namespace
}  // namespace blindbook::contact
