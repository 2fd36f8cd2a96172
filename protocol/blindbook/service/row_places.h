#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "blindbook/service/epoch_memory.h"
#include "blindbook/service/publish_index.h"

namespace blindbook::service {

/// A row in one epoch: by its hash, and by its place in the publish cache when the edition before has the very same row.
struct RowLookup {
  std::optional<RowHash> row;  ///< nothing in an epoch without an index
  std::optional<std::uint32_t> place;
};

/// What the rows of a list are looked up in, in the order of the epochs, and what their hashes are made of besides.
struct RowRecall {
  std::span<const EpochMemory> memories;
  std::string_view region;  ///< of numbers without +; empty: none
};

/// The lookups of rows, one for each epoch, in 4 bytes each where the place is known and 20 where it is not.
class RowPlaces {
 public:
  RowPlaces() noexcept = default;
  explicit RowPlaces(std::size_t epochs) noexcept : epochs_(epochs) {}

  /// Adds a row. `lookups`: one for each epoch; none for a row that is not published.
  void add(std::span<const RowLookup> lookups) {
    for (std::size_t epoch = 0; epoch < epochs_; ++epoch) {
      const bool looked = epoch < lookups.size();
      if (looked && lookups[epoch].place) {
        places_.push_back(*lookups[epoch].place);
      } else if (looked && lookups[epoch].row) {
        places_.push_back(kFresh | static_cast<std::uint32_t>(hashes_.size()));
        hashes_.push_back(*lookups[epoch].row);
      } else {
        places_.push_back(kNone);
      }
    }
  }

  /// Of the i-th row added. Nothing when it was not looked up.
  [[nodiscard]] RowLookup at(std::size_t i, std::size_t epoch) const {
    if (epoch >= epochs_ || places_[i * epochs_ + epoch] == kNone) {
      return {};
    }
    const std::uint32_t place = places_[i * epochs_ + epoch];
    if ((place & kFresh) != 0) {
      return {.row = hashes_[place & ~kFresh], .place = {}};
    }
    return {.row = {}, .place = place};
  }

 private:
  static constexpr std::uint32_t kFresh = std::uint32_t{1} << 31;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  std::size_t epochs_ = 0;
  std::vector<std::uint32_t> places_;
  std::vector<RowHash> hashes_;
};

}  // namespace blindbook::service
