#include "blindbook/contact/number_kind.h"

#include "blindbook/contact/ascii.h"

namespace blindbook::contact {

bool is_fax_or_pager(std::string_view label) noexcept {
  return contains_ignoring_case(label, "fax") || contains_ignoring_case(label, "pager");
}

}  // namespace blindbook::contact
