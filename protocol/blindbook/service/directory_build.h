#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/directory/builder.h"
#include "blindbook/directory/label.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/server.h"
#include "blindbook/service/subscriber_list.h"
#include "blindbook/service/worker_pool.h"

namespace blindbook::service {

/// One directory in the making: the published rows of a list under the key of one epoch.
class DirectoryBuild {
 public:
  /// `label_bytes` = L, 0 for a directory without labels. `key` must outlive the build.
  DirectoryBuild(const protocol::EpochKey& key, Edition edition, std::uint16_t label_bytes,
                 directory::LabelTemplate label_template, std::uint64_t rows);

  /// Adds the published rows of `slice`. The threads of `pool` share the work; `progress` is told now and then,
  /// by the calling thread, how many rows of the slice are done, published or not. May be empty.
  [[nodiscard]] Result<void> add(const SubscriberList::Slice& slice, WorkerPool& pool,
                                 const std::function<void(std::uint64_t done)>& progress);

  [[nodiscard]] const protocol::EpochKey& key() const noexcept { return *key_; }
  [[nodiscard]] Edition edition() const noexcept { return edition_; }
  [[nodiscard]] std::uint16_t label_bytes() const noexcept { return label_bytes_; }
  [[nodiscard]] const directory::LabelTemplate& label_template() const noexcept { return label_template_; }
  [[nodiscard]] std::uint64_t entries() const noexcept { return builder_.size(); }

  /// The directory's bytes.
  [[nodiscard]] Result<Bytes> finish() && { return std::move(builder_).finish(); }

 private:
  /// The labels of `rows`, sealed under `outputs`, side by side; empty without labels.
  [[nodiscard]] Result<Bytes> seal(const SubscriberList::Slice& slice,
                                   std::span<const SubscriberList::Row* const> rows,
                                   std::span<const oprf::PrfOutput> outputs) const;
  void add_rows(std::span<const oprf::PrfOutput> outputs, ByteView sealed);

  const protocol::EpochKey* key_;
  const oprf::Suite* suite_;
  Edition edition_;
  std::uint16_t label_bytes_;
  directory::LabelTemplate label_template_;
  directory::LabelSealer sealer_;
  directory::Builder builder_;
};

}  // namespace blindbook::service
