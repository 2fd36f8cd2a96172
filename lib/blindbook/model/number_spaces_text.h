#pragma once

#include <string_view>

namespace blindbook::model {

/// number_spaces.csv as it stands in the tree, built into the library: the engine opens no file.
[[nodiscard]] std::string_view number_spaces_text() noexcept;

}  // namespace blindbook::model
