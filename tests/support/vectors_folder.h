#pragma once

#include <string>

namespace blindbook::test_support {

/// Where tests/vectors of this checkout is. The one file that knows is compiled by itself, so that all others
/// compile alike in every checkout.
[[nodiscard]] std::string vectors_folder();

}  // namespace blindbook::test_support
