#pragma once

#include <string_view>

namespace blindbook::contact {

/// True only when `text` is + and 7 to 15 ASCII digits, and libphonenumber, in whatever region, reads it as
/// exactly the number it says, calls that number possible, and knows no short number of its length. So the
/// text is its own E.164 form, at the cost of a table look-up: some 30 ns where libphonenumber takes 10 us.
/// False says nothing: ask the library.
///
/// The table is read from libphonenumber's own metadata at the first call (milliseconds); safe from several
/// threads. Where a build of the library does not let its metadata be read the answer is always false.
[[nodiscard]] bool is_canonical_number(std::string_view text);

}  // namespace blindbook::contact
