#pragma once

#include <cstdint>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/directory/header.h"
#include "blindbook/directory/rows.h"

namespace blindbook::directory {

/// What leads from one edition of an epoch to a later one: rows that leave, by their rank in the earlier edition, so
/// that no patch says who left to whoever lacks it; and rows that join. Rows leave first, then others join. A row
/// whose label changed leaves and joins.
///
/// The file:
///   magic(8) version(1)=1 suite(1) epoch_id(16) from(4) to(4) label_bytes(2)
///   leavers(8) leaver_rice(1) leaver_bytes(8) joins(8) join_rice(1)
///   leavers as coded numbers: the i-th rank less i, so that ranks can do nothing but rise
///   tags of the joins as coded numbers
///   their sealed labels, where there are labels
///
/// A patch is right when it leads to the announced root. It need not be the shortest, and more than one is right.
struct Patch {
  SuiteId suite{};
  EpochId epoch;
  Edition from;
  Edition to;
  std::uint16_t label_bytes = 0;       ///< L of the epoch
  std::vector<std::uint64_t> leavers;  ///< ranks in `from`, strictly rising
  std::vector<std::uint64_t> tags;     ///< of the joins, in order
  Bytes column;                        ///< their sealed labels, one after the other

  [[nodiscard]] RowsView joins() const noexcept { return {tags, column, sealed_bytes(label_bytes)}; }
  friend bool operator==(const Patch&, const Patch&) = default;
};

[[nodiscard]] Bytes encode_patch(const Patch& patch);

/// PeerMisbehaved "patch.header" when `file` is cut short there, of another kind, or leads nowhere; "patch.body" when
/// the rest is not what encode_patch() makes. What is allocated is bounded by the size of `file`.
[[nodiscard]] Result<Patch> parse_patch(ByteView file);

/// The file of edition patch.to, from the `file` of edition patch.from. Whether it is the announced one its root
/// tells. PeerMisbehaved "patch.edition" when the patch is for another directory, "patch.rank" when it takes a row
/// away that is not there; the errors of decode_directory().
[[nodiscard]] Result<Bytes> apply_patch(ByteView file, const Patch& patch);

}  // namespace blindbook::directory
