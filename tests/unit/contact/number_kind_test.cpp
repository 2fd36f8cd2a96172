#include "blindbook/contact/number_kind.h"

#include <catch2/catch.hpp>

using blindbook::contact::is_fax_or_pager;

TEST_CASE("a label names a fax machine or a pager by a word of its own") {
  for (const char* const label : {"Fax", "Work Fax", "Fax (privat)", "Telefax", "HomeFax", "work_fax",
                                  "Faxnummer", "Privatfax", "Business Fax 2", "pager", "Pager 1"}) {
    CAPTURE(label);
    CHECK(is_fax_or_pager(label));
  }
  for (const char* const label : {"", "Halifax", "Mobil", "Fairfax office", "Home"}) {
    CAPTURE(label);
    CHECK_FALSE(is_fax_or_pager(label));
  }
}
