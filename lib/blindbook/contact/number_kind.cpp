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

constexpr auto kPhoneEnds =
    std::to_array<std::string_view>({"phone", "phones", "mobile", "cell", "telefon", "telefonnummer", "handy",
                                     "handynummer", "mobil", "mobilnummer", "rufnummer"});

/// Also of a compound, such as Firmentelefon.
bool ends_like_a_phone(std::string_view word) noexcept {
  return std::any_of(kPhoneEnds.begin(), kPhoneEnds.end(), [word](std::string_view end) {
    return word.size() >= end.size() && equals_ignoring_case(word.substr(word.size() - end.size()), end);
  });
}

bool has_word(std::string_view text, bool (*is_wanted)(std::string_view) noexcept) noexcept {
  while (!text.empty()) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_ascii_letter);
    const auto size = static_cast<std::size_t>(end - text.begin());
    if (is_wanted(text.substr(0, size))) {
      return true;
    }
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return false;
}

}  // namespace

bool is_fax_or_pager(std::string_view label) noexcept {
  return has_word(label, names_one);
}

bool speaks_of_phones(std::string_view heading) noexcept {
  return has_word(heading, ends_like_a_phone);
}

}  // namespace blindbook::contact
