#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/directory/header.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/service/mapped_file.h"
#include "blindbook/service/publish_index.h"

/// What a publication leaves to the next one, so that this evaluates new rows only: for each row of an edition, by
/// which the source names it, whose it is, and where it stands in the directory. It holds no number, PRF output or
/// label. The file, docs/spec/publish-cache.md:
///
///   magic(8) version(1)=1 suite(1) epoch_id(16) edition(4) root(32) rules(32) label_bytes(2) handles(1) entries(8)
///   entries x { row(16) number(16) tag(7), siv(8) where there is a label column, handle(16) where
///               labels are resolved on use }, in the order of row
///   HMAC-SHA-256 of all that under the index key (32)
namespace blindbook::service {

/// What a cache is for. One that is for anything else is of no use.
struct PublishCacheHeader {
  SuiteId suite{};
  EpochId epoch;
  Edition edition;
  Root root;                      ///< of the directory that the entries stand in
  Digest rules;                   ///< cache_rules() of the program that read the rows
  std::uint16_t label_bytes = 0;  ///< of the directory's label column
  bool handles = false;           ///< labels are resolved on use
  std::uint64_t entries = 0;
  friend bool operator==(const PublishCacheHeader&, const PublishCacheHeader&) = default;
};

/// SHA-256 of all that decides which number a row comes to besides the row: the version of this program and the
/// numbering plans of its libphonenumber. Nothing where these cannot be read, so that nothing may be remembered.
[[nodiscard]] std::optional<Digest> cache_rules();

/// A row of the edition.
struct PublishCacheEntry {
  RowHash row;
  NumberHash number;
  std::uint64_t tag = 0;
  std::array<std::uint8_t, directory::kSivBytes> siv{};  ///< zeros without a label column
  directory::Handle handle{};                            ///< zeros unless labels are resolved on use
};

/// The header of `file`, whose size is that of the header's entries; the rest is not looked at. BadInput
/// "cache.format".
[[nodiscard]] Result<PublishCacheHeader> parse_publish_cache_header(ByteView file);

/// A cache that this key authenticated. Immutable and thread-safe.
class PublishCache {
 public:
  /// BadInput "cache.format", "cache.other" when it is not `expected`, "cache.mac" when one byte of it differs from
  /// what write_publish_cache() wrote under that key; errors of MappedFile::open().
  [[nodiscard]] static Result<PublishCache> open(const std::filesystem::path& path, const PublishIndex& index,
                                                 const PublishCacheHeader& expected);

  /// Entries; below 2^31.
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  /// `place` < size().
  [[nodiscard]] PublishCacheEntry operator[](std::uint32_t place) const noexcept;
  [[nodiscard]] NumberHash number_at(std::uint32_t place) const noexcept;
  /// The place of a row.
  [[nodiscard]] std::optional<std::uint32_t> find(const RowHash& row) const noexcept;
  /// The bytes of an entry.
  [[nodiscard]] ByteView bytes_at(std::uint32_t place) const noexcept;

 private:
  PublishCache(std::shared_ptr<const MappedFile> file, const PublishCacheHeader& header);
  [[nodiscard]] std::size_t bucket_of(ByteView row) const noexcept;

  std::shared_ptr<const MappedFile> file_;
  ByteView entries_;
  std::uint32_t size_;
  std::size_t entry_bytes_;
  bool has_siv_;
  bool has_handle_;
  unsigned bucket_bits_;
  std::vector<std::uint32_t> bucket_ends_;  // of rows whose first bits are below or at the bucket's
};

/// What a cache is made of: those of `before` that `kept` says, one for each of its places, and `fresh`, which is
/// ordered by this. `before` may be null.
struct PublishCacheContent {
  const PublishCache* before = nullptr;
  const std::vector<bool>* kept = nullptr;
  std::vector<PublishCacheEntry>* fresh = nullptr;
};

/// Replaces `path` (0600). The entries of `header` are counted by this. Unavailable "file.write".
[[nodiscard]] Result<void> write_publish_cache(const std::filesystem::path& path, const PublishIndex& index,
                                               PublishCacheHeader header, const PublishCacheContent& content);

}  // namespace blindbook::service
