#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/directory/builder.h"
#include "blindbook/directory/label.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/server.h"
#include "blindbook/service/epoch_memory.h"
#include "blindbook/service/label_store.h"
#include "blindbook/service/publish_cache.h"
#include "blindbook/service/subscriber_list.h"
#include "blindbook/service/worker_pool.h"

namespace blindbook::service {

/// One directory in the making: the published rows of a list under the key of one epoch, but for the numbers that were
/// erased from it. Rows that the edition before has are taken from there; the result does not depend on it.
class DirectoryBuild {
 public:
  /// `label_bytes` = L, 0 for a directory without labels. Labels that are resolved on use go into a store beside the
  /// directory. `memory`, which may be null, is that of the epoch, and stands at `position` among those that the list was
  /// read with. `key` and `memory` must outlive the build.
  DirectoryBuild(const protocol::EpochKey& key, Edition edition, protocol::LabelMode label_mode,
                 std::uint16_t label_bytes, directory::LabelTemplate label_template, std::uint64_t rows,
                 const EpochMemory* memory = nullptr, std::size_t position = 0);

  /// Adds the published rows of `slice`. The threads of `pool` share the work; `progress` is told now and then,
  /// by the calling thread, how many rows of the slice are done, published or not. May be empty.
  [[nodiscard]] Result<void> add(const SubscriberList::Slice& slice, WorkerPool& pool,
                                 const std::function<void(std::uint64_t done)>& progress);

  [[nodiscard]] const protocol::EpochKey& key() const noexcept { return *key_; }
  [[nodiscard]] Edition edition() const noexcept { return edition_; }
  [[nodiscard]] protocol::LabelMode label_mode() const noexcept { return label_mode_; }
  [[nodiscard]] std::uint16_t label_bytes() const noexcept { return label_bytes_; }
  [[nodiscard]] const directory::LabelTemplate& label_template() const noexcept { return label_template_; }
  /// Rows evaluated under the key.
  [[nodiscard]] std::uint64_t evaluated() const noexcept { return evaluated_; }
  /// Rows left out because their numbers were erased; known after finish().
  [[nodiscard]] std::uint64_t erased() const noexcept { return erased_; }

  /// The directory's bytes. To be called once, when all rows are added. BadInput "publish.cache" when the cache contradicts
  /// the directory before; errors of directory::Builder::finish().
  [[nodiscard]] Result<Bytes> finish();
  /// The labels of the rows, where they are resolved on use, once it is finished.
  [[nodiscard]] const LabelStoreBuilder& store() const noexcept { return store_; }
  /// Writes the cache of this edition, `header`, for the next one, once it is finished. Nothing without an index.
  [[nodiscard]] Result<void> write_cache(const std::filesystem::path& path, const PublishCacheHeader& header);

 private:
  struct Fresh;
  /// What the labels of some rows come to, side by side.
  struct Labels {
    Bytes sealed;                            ///< empty without labels
    std::vector<directory::Handle> handles;  ///< empty unless labels are resolved on use
  };
  [[nodiscard]] std::vector<Fresh> take_known(const SubscriberList::Slice& slice);
  /// Without those that were erased.
  [[nodiscard]] std::vector<Fresh> hash_numbers(std::span<const Fresh> rows) const;
  /// The labels of `rows` under `outputs`.
  [[nodiscard]] Result<Labels> seal(const SubscriberList::Slice& slice, std::span<const Fresh> rows,
                                    std::span<const oprf::PrfOutput> outputs) const;
  void add_rows(std::span<const Fresh> rows, std::span<const oprf::PrfOutput> outputs, const Labels& labels);
  [[nodiscard]] Result<Bytes> change_edition_before(ByteView joins);

  const protocol::EpochKey* key_;
  const oprf::Suite* suite_;
  Edition edition_;
  protocol::LabelMode label_mode_;
  std::uint16_t label_bytes_;
  directory::LabelTemplate label_template_;
  const EpochMemory* memory_;
  std::size_t position_;
  directory::LabelSealer sealer_;
  directory::Builder builder_;  // of rows that are evaluated
  LabelStoreBuilder store_;
  std::vector<PublishCacheEntry> fresh_;
  std::vector<bool> kept_;  // by the place in the cache
  std::uint64_t evaluated_ = 0;
  std::uint64_t erased_ = 0;
};

}  // namespace blindbook::service
