#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/directory/header.h"
#include "blindbook/directory/rows.h"

/// The next edition of a directory out of the last one, without the rows that stay.
namespace blindbook::service {

/// A row as a publish cache names it. Rows that share both parts are equal, or by chance below 2^-64 those of two numbers.
struct RowName {
  std::uint64_t tag = 0;
  std::array<std::uint8_t, directory::kSivBytes> siv{};  ///< zeros without labels
  friend auto operator<=>(const RowName&, const RowName&) noexcept = default;
};

/// The ranks of `rows`, ascending, a different one for each. BadInput "publish.cache" when one of them is not there.
[[nodiscard]] Result<std::vector<std::uint64_t>> ranks_of(const directory::DecodedDirectory& directory,
                                                          std::vector<RowName> rows);

/// The directory `to` out of the directory `before`: without the rows at `leavers`, which ascend, and with `joins`, which
/// are in order. Errors of directory::apply_patch().
[[nodiscard]] Result<Bytes> change_directory(ByteView before, std::vector<std::uint64_t> leavers,
                                             const directory::RowsView& joins, Edition to);

}  // namespace blindbook::service
