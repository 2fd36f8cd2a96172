#include "blindbook/directory/patch_algebra.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace blindbook::directory {
namespace {

tl::unexpected<Error> not_a_chain() {
  return api_misuse("patch.chain", "the editions and patches do not follow one another");
}

bool belongs(const Patch& patch, const Header& header) noexcept {
  return patch.suite == header.suite && patch.epoch == header.epoch &&
         patch.label_bytes == header.label_bytes;
}

/// Joins in the making.
struct Joins {
  std::vector<std::uint64_t> tags;
  Bytes column;

  void append(const RowView& row) {
    tags.push_back(row.tag);
    column.insert(column.end(), row.sealed.begin(), row.sealed.end());
  }
};

/// The first of `rows` at or behind `first` that is not below `row`.
std::size_t lower_bound(const RowsView& rows, std::size_t first, const RowView& row) {
  std::size_t last = rows.size();
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    if (rows[middle] < row) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

Joins merge(const Joins& kept, const RowsView& more) {
  const RowsView first{kept.tags, kept.column, more.row_bytes};
  Joins out;
  out.tags.reserve(first.size() + more.size());
  out.column.reserve(kept.column.size() + more.column.size());
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < first.size() || j < more.size()) {
    if (j == more.size() || (i < first.size() && !(more[j] < first[i]))) {
      out.append(first[i++]);
    } else {
      out.append(more[j++]);
    }
  }
  return out;
}

/// Ranks among the rows that `leavers` left over, which rise, as ranks among all rows.
std::vector<std::uint64_t> ranks_before(const std::vector<std::uint64_t>& leavers,
                                        std::vector<std::uint64_t> survivors) {
  std::size_t gone = 0;
  for (std::uint64_t& rank : survivors) {
    while (gone < leavers.size() && leavers[gone] <= rank + gone) {
      ++gone;
    }
    rank += gone;
  }
  return survivors;
}

/// Where the rows that leave edition b came from: joins after a, or survivors of a.
struct Origins {
  Joins kept;                            ///< joins after a that stay
  std::vector<std::uint64_t> survivors;  ///< that leave: ranks among the survivors of a
};

Result<Origins> trace(const RowsView& joins, const RowsView& middle,
                      const std::vector<std::uint64_t>& leavers) {
  Origins out;
  std::size_t passed = 0;  // joins looked at
  const auto keep_up_to = [&](std::size_t end) {
    for (; passed < end; ++passed) {
      out.kept.append(joins[passed]);
    }
  };
  for (std::size_t i = 0; i < leavers.size();) {
    const RowView row = middle[leavers[i]];
    // Rows that are equal cannot be told apart, so how many of them leave is all there is to know.
    std::size_t leaving = 1;
    while (i + leaving < leavers.size() && middle[leavers[i + leaving]] == row) {
      ++leaving;
    }
    auto run = static_cast<std::size_t>(leavers[i]);
    while (run > 0 && middle[run - 1] == row) {
      --run;
    }
    i += leaving;

    const std::size_t below = lower_bound(joins, passed, row);
    keep_up_to(below);
    for (; leaving > 0 && passed < joins.size() && joins[passed] == row; --leaving) {
      ++passed;  // dropped
    }
    if (below > run) {
      return not_a_chain();  // more rows joined below this one than there are
    }
    for (std::size_t k = 0; k < leaving; ++k) {
      out.survivors.push_back(run - below + k);
    }
  }
  keep_up_to(joins.size());
  return out;
}

}  // namespace

Result<Patch> difference(const DecodedDirectory& from, const DecodedDirectory& to) {
  Header expected = to.header;
  expected.edition = from.header.edition;
  expected.rice = from.header.rice;
  expected.entries = from.header.entries;
  if (expected != from.header || to.header.edition <= from.header.edition) {
    return not_a_chain();
  }
  Patch out{.suite = to.header.suite,
            .epoch = to.header.epoch,
            .from = from.header.edition,
            .to = to.header.edition,
            .label_bytes = to.header.label_bytes,
            .leavers = {},
            .tags = {},
            .column = {}};
  const RowsView before = from.rows();
  const RowsView after = to.rows();
  Joins joins;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() || j < after.size()) {
    if (j == after.size() || (i < before.size() && before[i] < after[j])) {
      out.leavers.push_back(i++);
    } else if (i == before.size() || after[j] < before[i]) {
      joins.append(after[j++]);
    } else {
      ++i;
      ++j;
    }
  }
  out.tags = std::move(joins.tags);
  out.column = std::move(joins.column);
  return out;
}

Result<Patch> compose(const Patch& earlier, const DecodedDirectory& middle, const Patch& later) {
  const RowsView rows = middle.rows();
  if (!belongs(earlier, middle.header) || !belongs(later, middle.header) ||
      earlier.to != middle.header.edition || later.from != middle.header.edition ||
      (!later.leavers.empty() && later.leavers.back() >= rows.size())) {
    return not_a_chain();
  }
  Result<Origins> origins = trace(earlier.joins(), rows, later.leavers);
  if (!origins) {
    return failed(origins);
  }
  const std::vector<std::uint64_t> more = ranks_before(earlier.leavers, std::move(origins->survivors));
  Joins joins = merge(origins->kept, later.joins());
  Patch out{.suite = earlier.suite,
            .epoch = earlier.epoch,
            .from = earlier.from,
            .to = later.to,
            .label_bytes = earlier.label_bytes,
            .leavers = {},
            .tags = std::move(joins.tags),
            .column = std::move(joins.column)};
  out.leavers.reserve(earlier.leavers.size() + more.size());
  std::merge(earlier.leavers.begin(), earlier.leavers.end(), more.begin(), more.end(),
             std::back_inserter(out.leavers));
  return out;
}

}  // namespace blindbook::directory
