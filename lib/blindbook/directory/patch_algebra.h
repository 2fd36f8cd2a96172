#pragma once

#include "blindbook/base/error.h"
#include "blindbook/directory/patch.h"
#include "blindbook/directory/rows.h"

/// How a publisher makes patches: one from what changed, and from it the star, a net patch from each of the last
/// editions. No edition but the last is needed for it, and no row that has left stands in any of them.
namespace blindbook::directory {

/// The patch from one edition to the next, the shortest. ApiMisuse "patch.chain" when they are not of one epoch, in
/// this order.
[[nodiscard]] Result<Patch> difference(const DecodedDirectory& from, const DecodedDirectory& to);

/// P(a -> c) of P(a -> b), the rows of edition b, and P(b -> c). Of those that joined after a, who has left again is
/// dropped; any other who leaves is found again as a rank of a. ApiMisuse "patch.chain" when the three do not follow one
/// another.
[[nodiscard]] Result<Patch> compose(const Patch& earlier, const DecodedDirectory& middle, const Patch& later);

}  // namespace blindbook::directory
