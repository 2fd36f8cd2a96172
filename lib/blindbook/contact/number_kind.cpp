#include "blindbook/contact/number_kind.h"

#include <algorithm>
#include <array>

#include "blindbook/contact/ascii.h"

namespace blindbook::contact {
namespace {

/// What stands before "fax" in words that mean one. Other words may end so by chance, such as Halifax.
constexpr std::array<std::string_view, 6> kBeforeFax = {"tele",  "home",     "work",
                                                        "other", "business", "privat"};

bool names_one(std::string_view word) noexcept {
  if (starts_with_ignoring_case(word, "fax") || starts_with_ignoring_case(word, "pager")) {
    return true;
  }
  return std::any_of(kBeforeFax.begin(), kBeforeFax.end(), [word](std::string_view before) {
    return starts_with_ignoring_case(word, before) &&
           starts_with_ignoring_case(word.substr(before.size()), "fax");
  });
}

}  // namespace

bool is_fax_or_pager(std::string_view label) noexcept {
  while (!label.empty()) {
    const auto end = std::find_if_not(label.begin(), label.end(), is_ascii_letter);
    if (names_one(label.substr(0, static_cast<std::size_t>(end - label.begin())))) {
      return true;
    }
    label = std::string_view(end, label.end());
    label.remove_prefix(label.empty() ? 0 : 1);
  }
  return false;
}

}  // namespace blindbook::contact
