#pragma once

#include <string_view>

/// Data files of this folder as they stand in the tree, built into the library: the engine opens no file.
namespace blindbook::model {

/// number_spaces.csv, network_presets.csv.
/// @{
[[nodiscard]] std::string_view number_spaces_text() noexcept;
[[nodiscard]] std::string_view network_presets_text() noexcept;
/// @}

}  // namespace blindbook::model
