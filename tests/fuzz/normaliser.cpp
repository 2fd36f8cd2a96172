// Numbers as people write them. Input: two letters of a region (or two others: none), then the number.
#include "blindbook/contact/normaliser.h"

#include <map>
#include <set>
#include <string>

#include "tests/fuzz/fuzz.h"

namespace blindbook::fuzz {
namespace {

using namespace contact;

/// A few regions, each with a rule of its own: area codes, a leading zero that stays, prefixes that come and
/// go.
const Normaliser& normaliser_of(std::string_view region) {
  static const std::map<std::string, Normaliser, std::less<>> all = [] {
    std::map<std::string, Normaliser, std::less<>> out;
    out.emplace("", Normaliser::create(std::nullopt).value());
    for (const char* one : {"DE", "US", "FR", "IT", "AR", "MX"}) {
      out.emplace(one, Normaliser::create(one).value());
    }
    return out;
  }();
  const auto at = all.find(region);
  return at == all.end() ? all.at("") : at->second;
}

}  // namespace

void run(ByteView input) {
  if (input.size() < 2) {
    return;
  }
  const std::string_view region = text_of(input.first(2));
  const Normalised number = normaliser_of(region).normalise(text_of(input.subspan(2)));
  require(number.identifiers.empty() == number.reason.has_value(),
          "a number comes to identifiers or to a reason");
  require(!number.reason || !is_warning(*number.reason), "a reason is no warning");
  require(!number.warning || (is_warning(*number.warning) && !number.identifiers.empty()),
          "a warning stands beside identifiers");
  const std::set<Identifier> distinct(number.identifiers.begin(), number.identifiers.end());
  require(distinct.size() == number.identifiers.size(), "no identifier comes twice");
  for (const Identifier& identifier : number.identifiers) {
    for (const std::string_view other : {std::string_view(), region, std::string_view("IT")}) {
      for (const std::string_view text : {std::string_view(identifier.text()), identifier.e164()}) {
        const Normalised again = normaliser_of(other).normalise(text);
        require(again.identifiers == std::vector{identifier} && !again.warning,
                "an identifier is normalised to itself, in any region");
      }
    }
  }
}

}  // namespace blindbook::fuzz
