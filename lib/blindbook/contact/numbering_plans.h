#pragma once

#include <optional>

#include "blindbook/base/bytes.h"

namespace blindbook::contact {

/// All that this build's libphonenumber knows of numbers, as bytes of its own: whenever its answers may have
/// changed, these have.
struct NumberingPlans {
  ByteView numbers;
  ByteView short_numbers;
};

/// Nothing where a build of the library does not let its metadata be read. The views live for ever.
[[nodiscard]] std::optional<NumberingPlans> numbering_plans();

}  // namespace blindbook::contact
