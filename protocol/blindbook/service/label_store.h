#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"
#include "blindbook/base/types.h"
#include "blindbook/directory/header.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/service/mapped_file.h"

/// The sealed labels of one edition, by handle: what a service resolves from where labels are not in the directory. Private
/// to the operator (0600), one file an edition, and gone with its epoch. The file, docs/spec/label-store.md:
///
///   magic(8) version(1)=1 suite(1) epoch_id(16) edition(4) root(32) label_bytes(2) miss_key(32) entries(8)
///   entries x { handle(16) siv(8) C(L) }, handles strictly ascending
///   SHA-256 of all that (32)
namespace blindbook::service {

/// What a store is of. One that is of anything else is of no use.
struct LabelStoreHeader {
  SuiteId suite{};
  EpochId epoch;
  Edition edition;
  Root root;                      ///< of the directory of that edition
  std::uint16_t label_bytes = 0;  ///< L, 2..512
  std::uint64_t entries = 0;
  friend bool operator==(const LabelStoreHeader&, const LabelStoreHeader&) = default;
};

/// Of the store of an announced epoch, which has labels that are resolved on use.
[[nodiscard]] LabelStoreHeader label_store_header_of(const protocol::AnnouncedEpoch& epoch);

/// Where the store of an edition stands, below OperatorFolder::labels_folder().
[[nodiscard]] std::filesystem::path label_store_path(const std::filesystem::path& labels,
                                                     const EpochId& epoch, Edition edition);

/// The header of `file`, once size, order and hash have been found right. BadInput "label-store.format".
[[nodiscard]] Result<LabelStoreHeader> check_label_store(ByteView file);

/// Immutable and thread-safe.
class LabelStore {
 public:
  /// BadInput "label-store.format", "label-store.other" when it is not `expected`; errors of MappedFile::open().
  [[nodiscard]] static Result<std::shared_ptr<const LabelStore>> open(const std::filesystem::path& path,
                                                                      const LabelStoreHeader& expected);

  /// Fills `out`, 8 + L bytes: the sealed label of `handle`, or, when nobody has it, bytes that are as random and always
  /// the same for it while the epoch lives. Both take the same steps: the answer alone tells which it was, to those who can
  /// open labels.
  void resolve(const directory::Handle& handle, MutableBytes out) const;

  [[nodiscard]] const LabelStoreHeader& header() const noexcept { return header_; }
  /// What makes the answers for handles that nobody has.
  [[nodiscard]] ByteView miss_key() const noexcept { return miss_key_; }
  /// Handle and sealed label of the entry at `place` < header().entries.
  [[nodiscard]] ByteView entry(std::uint64_t place) const noexcept;

 private:
  LabelStore(std::shared_ptr<const MappedFile> file, const LabelStoreHeader& header) noexcept;

  std::shared_ptr<const MappedFile> file_;
  LabelStoreHeader header_;
  ByteView miss_key_;
  ByteView entries_;
};

/// A store in the making.
class LabelStoreBuilder {
 public:
  /// `label_bytes` = L.
  explicit LabelStoreBuilder(std::uint16_t label_bytes) noexcept : label_bytes_(label_bytes) {}

  void reserve(std::uint64_t entries);
  /// `sealed`: 8 + L bytes. In any order.
  void add(const directory::Handle& handle, ByteView sealed);
  /// Adds the entries of `before` but for those whose handles are in `leaving`, which ascend.
  void add_from(const LabelStore& before, const std::vector<directory::Handle>& leaving);

  /// Replaces the store of `epoch`, as it is going to be announced, below `labels`. `before`: the store of the edition
  /// before, whose answers for handles that nobody has stay; null: fresh ones, drawn from `random`. ApiMisuse
  /// "label-store.handle" when two entries have one handle; Unavailable "file.folder", "file.write".
  [[nodiscard]] Result<void> write(const std::filesystem::path& labels, const protocol::AnnouncedEpoch& epoch,
                                   const LabelStore* before, RandomSource& random) const;

 private:
  [[nodiscard]] std::size_t entry_bytes() const noexcept;

  std::uint16_t label_bytes_;
  Bytes entries_;
};

}  // namespace blindbook::service
