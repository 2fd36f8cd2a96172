#include "blindbook/contact/reject_reason.h"

#include <algorithm>
#include <set>
#include <string>

#include <catch2/catch.hpp>

namespace blindbook::contact {
namespace {

TEST_CASE("every reject reason has a stable name of its own and a sentence") {
  std::set<std::string_view> names;
  std::size_t expected = 0;
  for (const RejectReason reason : all_reject_reasons()) {
    CAPTURE(name(reason));
    CHECK(static_cast<std::size_t>(reason) == expected++);
    CHECK(names.insert(name(reason)).second);
    CHECK(std::all_of(name(reason).begin(), name(reason).end(),
                      [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; }));
    CHECK(describe(name(reason)) == describe(reason));
    CHECK_FALSE(describe(reason).empty());
    CHECK_FALSE(describe(reason).ends_with('.'));
    CHECK(is_warning(reason) == (reason >= RejectReason::kCountryCodeWithoutPlus));
  }
  CHECK(expected == static_cast<std::size_t>(RejectReason::kSecondNumber) + 1);
}

TEST_CASE("a name that is no reject reason has no sentence") {
  CHECK(describe("nothing-like-it").empty());
}

}  // namespace
}  // namespace blindbook::contact
