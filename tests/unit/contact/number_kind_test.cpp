#include "blindbook/contact/number_kind.h"

#include <catch2/catch.hpp>

using blindbook::contact::is_fax_or_pager;
using blindbook::contact::speaks_of_phones;

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

TEST_CASE("a heading speaks of phones by the end of a word") {
  for (const std::string_view heading : {"Phone 3", "Mobile", "Second phone", "Telephone", "Handynummer",
                                         "Handy (alt)", "Firmentelefon", "Cell", "RUFNUMMER", "home_phone"}) {
    CAPTURE(heading);
    CHECK(speaks_of_phones(heading));
  }
  for (const std::string_view heading :
       {"Phonetic First Name", "Given Name Yomi", "Telex", "Mobility", "E-mail Address", "Excellent", ""}) {
    CAPTURE(heading);
    CHECK_FALSE(speaks_of_phones(heading));
  }
}
