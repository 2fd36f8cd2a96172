#pragma once

#include <filesystem>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/service/publish_index.h"

/// Whom no publication of an epoch may bring back, whatever the source says (docs/spec/publish-cache.md): the hashes
/// of their numbers under the index key of the epoch, with which they go. The file:
///
///   magic(8) version(1)=1 epoch_id(16) count(4) || count x number(16), ascending || HMAC-SHA-256 under the index key (32)
namespace blindbook::service {

class ErasedList {
 public:
  /// Of an epoch nobody was erased from.
  explicit ErasedList(const EpochId& epoch) noexcept : epoch_(epoch) {}

  /// What stands at `path`; an empty list when nothing does. A list that cannot be read says whom not to publish,
  /// so there is no going on without it: BadInput "erased.format", "erased.mac"; errors of read_file().
  [[nodiscard]] static Result<ErasedList> load(const std::filesystem::path& path, const EpochId& epoch,
                                               const PublishIndex& index);
  /// Replaces `path` (0600), durably; removes it when nobody is on the list. Unavailable "file.write",
  /// "file.folder", "file.remove".
  [[nodiscard]] Result<void> save(const std::filesystem::path& path, const PublishIndex& index) const;

  [[nodiscard]] std::size_t size() const noexcept { return numbers_.size(); }
  [[nodiscard]] bool contains(const NumberHash& number) const noexcept;
  /// False when it was there already.
  bool add(const NumberHash& number);
  /// False when it was not there.
  bool remove(const NumberHash& number);

 private:
  EpochId epoch_;
  std::vector<NumberHash> numbers_;  // ascending
};

/// Numbers in a file that is one, for who has not its key. BadInput "erased.format".
[[nodiscard]] Result<std::uint32_t> count_of_erased_list(ByteView file);
/// The epoch of a file that is one. BadInput "erased.format".
[[nodiscard]] Result<EpochId> epoch_of_erased_list(ByteView file);

}  // namespace blindbook::service
