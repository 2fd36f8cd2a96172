#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "blindbook/base/bytes.h"
#include "blindbook/directory/golomb_rice.h"

/// Ascending numbers below 2^56 in the code of golomb_rice.h, whole: the tags of a directory, and what a patch
/// lists.
namespace blindbook::directory {

struct CodedNumbers {
  unsigned rice = 0;
  Bytes body;
};

/// The shortest code of `numbers`, which ascend, equal ones allowed.
[[nodiscard]] CodedNumbers code_numbers(std::span<const std::uint64_t> numbers);

/// The `count` numbers of `body`; or, as a clause for a person, why `body` is not what code_numbers() makes.
/// Allocates no more than the body can hold.
[[nodiscard]] tl::expected<std::vector<std::uint64_t>, std::string_view> decode_numbers(ByteView body,
                                                                                        std::uint64_t count,
                                                                                        unsigned rice);

}  // namespace blindbook::directory
