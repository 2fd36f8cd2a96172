#pragma once

#include <string_view>

#include <tl/expected.hpp>

#include "blindbook/base/identifier.h"
#include "blindbook/contact/normaliser.h"

namespace blindbook::service {

/// The one number that an operator means by `text`, or the stable name of the reason why there is none, which
/// contact::describe() explains. Stricter than for an address book: a doubt that this may leave to its owner would here
/// publish a stranger. `only_plus` refuses numbers that do not begin with a plus, whatever `normaliser` makes of them.
[[nodiscard]] tl::expected<Identifier, std::string_view> subscriber_number(
    const contact::Normaliser& normaliser, bool only_plus, std::string_view text);

}  // namespace blindbook::service
