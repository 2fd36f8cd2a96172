#include "blindbook/service/edition_change.h"

#include <algorithm>
#include <utility>

#include "blindbook/directory/patch.h"

namespace blindbook::service {

using directory::DecodedDirectory;
using directory::RowsView;
using directory::RowView;

namespace {

RowName name_of(const RowView& row) {
  RowName name{.tag = row.tag, .siv = {}};
  if (!row.sealed.empty()) {
    std::copy_n(row.sealed.begin(), name.siv.size(), name.siv.begin());
  }
  return name;
}

}  // namespace

Result<std::vector<std::uint64_t>> ranks_of(const DecodedDirectory& directory, std::vector<RowName> rows) {
  std::sort(rows.begin(), rows.end());
  const RowsView all = directory.rows();
  std::vector<std::uint64_t> ranks;
  ranks.reserve(rows.size());
  std::size_t used =
      0;  // of the ranks behind which the next row may be, as names that are equal have one rank each
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto run = std::lower_bound(all.tags.begin(), all.tags.end(), rows[i].tag);
    std::size_t rank = static_cast<std::size_t>(run - all.tags.begin());
    if (i > 0 && rows[i] == rows[i - 1]) {
      rank = used;
    }
    while (rank < all.size() && all.tags[rank] == rows[i].tag && name_of(all[rank]) != rows[i]) {
      ++rank;
    }
    if (rank == all.size() || all.tags[rank] != rows[i].tag) {
      return bad_input("publish.cache", "the publish cache names a row that the directory does not have",
                       "remove the folder cache of the operator's folder, and publish again");
    }
    ranks.push_back(rank);
    used = rank + 1;
  }
  std::sort(ranks.begin(), ranks.end());
  return ranks;
}

Result<Bytes> change_directory(ByteView before, std::vector<std::uint64_t> leavers, const RowsView& joins,
                               Edition to) {
  const Result<directory::Header> header = directory::parse_header(before);
  if (!header) {
    return tl::unexpected<Error>(header.error());
  }
  const directory::Patch change{.suite = header->suite,
                                .epoch = header->epoch,
                                .from = header->edition,
                                .to = to,
                                .label_bytes = header->label_bytes,
                                .leavers = std::move(leavers),
                                .tags = {joins.tags.begin(), joins.tags.end()},
                                .column = {joins.column.begin(), joins.column.end()}};
  return directory::apply_patch(before, change);
}

}  // namespace blindbook::service
