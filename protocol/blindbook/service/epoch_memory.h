#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/service/erased_list.h"
#include "blindbook/service/label_store.h"
#include "blindbook/service/mapped_file.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/publish_cache.h"
#include "blindbook/service/publish_index.h"

namespace blindbook::service {

/// What earlier runs left about one epoch, for who makes its next edition.
struct EpochMemory {
  explicit EpochMemory(const EpochId& epoch) noexcept : erased(epoch) {}

  std::optional<PublishIndex> index;  ///< nothing: no run left anything, and none may
  std::optional<Digest> rules;        ///< of this program; nothing: no row may be remembered
  ErasedList erased;
  /// The directory of the edition before, which is the announced one; null when there is none, or its file is not.
  std::shared_ptr<const MappedFile> before;
  std::shared_ptr<const LabelStore>
      labels;  ///< of `before`, where its labels are resolved on use and its store is whole
  std::optional<PublishCache> cache;  ///< of `before`
};

/// Reads what there is about `epoch`, whose edition `before` is announced (null: none is). Whatever is wrong with the
/// cache costs evaluations and nothing else: `notices` gets a clause for a person. Errors of
/// OperatorFolder::load_index() and ErasedList::load(); BadInput "erased.key" when numbers were erased and the index
/// key that knows them is gone.
[[nodiscard]] Result<EpochMemory> remember_epoch(OperatorFolder& folder, const EpochId& epoch,
                                                 const protocol::AnnouncedEpoch* before,
                                                 std::vector<std::string>& notices);

/// What a cache of `epoch`, as it is announced, has in front of its entries.
[[nodiscard]] PublishCacheHeader cache_header_of(const protocol::AnnouncedEpoch& epoch, const Digest& rules);

}  // namespace blindbook::service
