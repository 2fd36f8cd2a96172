#pragma once

#include <string>
#include <vector>

namespace blindbook::test_support {

/// A country calling code as libphonenumber's metadata has it.
struct NumberingPlan {
  std::string country_code;     // decimal
  std::string national_prefix;  // a regular expression: what may stand in front of a national number
  std::vector<int> lengths;     // of national numbers
};

/// One for each calling code, in ascending order; throws when the library does not show its metadata.
[[nodiscard]] std::vector<NumberingPlan> numbering_plans();

/// All regions with a plan of their own, ISO 3166-1 alpha-2, ordered.
[[nodiscard]] std::vector<std::string> all_regions();

/// The decimal country calling code of a region of all_regions().
[[nodiscard]] std::string country_code_of(const std::string& region);

}  // namespace blindbook::test_support
