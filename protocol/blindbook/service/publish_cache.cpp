#include "blindbook/service/publish_cache.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <utility>

#include "blindbook/base/constant_time.h"
#include "blindbook/base/domains.h"
#include "blindbook/contact/numbering_plans.h"
#include "blindbook/directory/tag.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/service/atomic_file.h"

namespace blindbook::service {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 8 + 1 + 1 + EpochId::kSize + 4 + Root::kSize + Digest::kSize + 2 + 1 + 8;
constexpr std::size_t kMacBytes = 32;
constexpr std::uint64_t kMaxEntries = std::uint64_t{1} << 31;
constexpr std::size_t kTagAt = RowHash::kSize + NumberHash::kSize;
constexpr std::size_t kSivAt = kTagAt + directory::kTagBytes;
/// Written at a time.
constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

constexpr std::size_t entry_bytes(const PublishCacheHeader& header) noexcept {
  return kSivAt + (header.label_bytes == 0 ? 0 : directory::kSivBytes) +
         (header.handles ? std::tuple_size_v<directory::Handle> : 0);
}

tl::unexpected<Error> bad_format(std::string message) {
  return bad_input("cache.format", std::move(message));
}

Bytes encode(const PublishCacheHeader& header) {
  ByteWriter out;
  out.raw(magic::kPublishCache).u8(kVersion).u8(static_cast<std::uint8_t>(header.suite));
  out.raw(header.epoch.view()).u32(header.edition.value()).raw(header.root.view()).raw(header.rules.view());
  out.u16(header.label_bytes).u8(header.handles ? 1 : 0).u64(header.entries);
  return std::move(out).take();
}

/// Gathers small pieces, and authenticates all of them.
class CacheWriter {
 public:
  CacheWriter(AtomicFile file, const PublishIndex& index)
      : file_(std::move(file)), mac_(index.authenticator(domain::kIndexCache)) {
    chunk_.reserve(kChunkBytes);
  }

  [[nodiscard]] Result<void> append(ByteView bytes) {
    if (chunk_.size() + bytes.size() > kChunkBytes) {
      if (Result<void> flushed = flush(); !flushed) {
        return flushed;
      }
    }
    chunk_.insert(chunk_.end(), bytes.begin(), bytes.end());
    return {};
  }

  [[nodiscard]] Result<void> finish() && {
    Result<void> done = flush();
    if (done) {
      done = file_.append(mac_.finish());
    }
    return done ? std::move(file_).finish(FileAccess::kOwnerOnly) : done;
  }

 private:
  Result<void> flush() {
    mac_.update(chunk_);
    Result<void> written = file_.append(chunk_);
    chunk_.clear();
    return written;
  }

  AtomicFile file_;
  hash::Hmac<hash::Sha256> mac_;
  Bytes chunk_;
};

/// The bytes of an entry, side by side in one buffer.
class EntryBytes {
 public:
  explicit EntryBytes(const PublishCacheHeader& header)
      : handle_at_(header.label_bytes == 0 ? kSivAt : kSivAt + directory::kSivBytes),
        size_(entry_bytes(header)) {}

  [[nodiscard]] ByteView of(const PublishCacheEntry& entry) {
    std::memcpy(bytes_.data(), entry.row.view().data(), RowHash::kSize);
    std::memcpy(&bytes_[RowHash::kSize], entry.number.view().data(), NumberHash::kSize);
    for (std::size_t i = 0; i < directory::kTagBytes; ++i) {
      bytes_[kTagAt + i] = static_cast<std::uint8_t>(entry.tag >> (8 * (directory::kTagBytes - 1 - i)));
    }
    std::memcpy(&bytes_[kSivAt], entry.siv.data(), directory::kSivBytes);
    std::memcpy(&bytes_[handle_at_], entry.handle.data(), entry.handle.size());
    return ByteView(bytes_).first(size_);
  }

 private:
  std::array<std::uint8_t, kSivAt + directory::kSivBytes + std::tuple_size_v<directory::Handle>> bytes_{};
  std::size_t handle_at_;
  std::size_t size_;
};

}  // namespace

std::optional<Digest> cache_rules() {
  const std::optional<contact::NumberingPlans> plans = contact::numbering_plans();
  if (!plans) {
    return std::nullopt;
  }
  constexpr std::string_view kProgram = BLINDBOOK_VERSION;
  ByteWriter sizes;
  sizes.u64(kProgram.size()).u64(plans->numbers.size());
  return Digest(hash::sha256({sizes.view(), bytes_of(kProgram), plans->numbers, plans->short_numbers}));
}

Result<PublishCacheHeader> parse_publish_cache_header(ByteView file) {
  ByteReader in(file);
  if (!in.accept(magic::kPublishCache)) {
    return bad_format("this is not a publish cache");
  }
  if (in.u8() != kVersion) {
    return bad_format("the publish cache is of another version");
  }
  PublishCacheHeader header;
  header.suite = SuiteId{in.u8()};
  header.epoch = EpochId(in.array<EpochId::kSize>());
  header.edition = Edition(in.u32());
  header.root = Root(in.array<Root::kSize>());
  header.rules = Digest(in.array<Digest::kSize>());
  header.label_bytes = in.u16();
  const std::uint8_t handles = in.u8();
  header.handles = handles == 1;
  header.entries = in.u64();
  if (handles > 1) {
    return bad_format("the publish cache is of another version");
  }
  if (in.failed() || in.rest().size() < kMacBytes) {
    return bad_format("the publish cache is cut short");
  }
  const std::size_t left = in.rest().size() - kMacBytes;
  const std::size_t each = entry_bytes(header);
  if (left % each != 0 || header.entries != left / each || header.entries >= kMaxEntries) {
    return bad_format("the publish cache does not have the size of its entries");
  }
  return header;
}

Result<PublishCache> PublishCache::open(const std::filesystem::path& path, const PublishIndex& index,
                                        const PublishCacheHeader& expected) {
  auto file = MappedFile::open(path);
  if (!file) {
    return failed(file);
  }
  const ByteView bytes = (*file)->bytes();
  const Result<PublishCacheHeader> header = parse_publish_cache_header(bytes);
  if (!header) {
    return tl::unexpected<Error>(header.error());
  }
  if (*header != expected) {
    return bad_input("cache.other", header->rules != expected.rules
                                        ? "the publish cache was made under other numbering plans"
                                        : "the publish cache is of another edition");
  }
  const auto mac =
      index.authenticator(domain::kIndexCache).update(bytes.first(bytes.size() - kMacBytes)).finish();
  if (!declassify(equal_constant_time(mac, bytes.last(kMacBytes)))) {
    return bad_input("cache.mac", "the publish cache was changed, or belongs to another key");
  }
  return PublishCache(std::move(*file), *header);
}

PublishCache::PublishCache(std::shared_ptr<const MappedFile> file, const PublishCacheHeader& header)
    : file_(std::move(file)),
      entries_(file_->bytes().subspan(kHeaderBytes, file_->bytes().size() - kHeaderBytes - kMacBytes)),
      size_(static_cast<std::uint32_t>(header.entries)),
      entry_bytes_(entry_bytes(header)),
      has_siv_(header.label_bytes != 0),
      has_handle_(header.handles) {
  // Rows are hashes, so that buckets by their first bits hold two or so each: a look-up costs a miss of the memory's caches
  // for the bucket and one or two for its rows, and the buckets take 2 bytes a row.
  const auto width = static_cast<unsigned>(std::bit_width(header.entries));
  bucket_bits_ = width < 2 ? 0 : width - 2;
  bucket_ends_.resize(std::size_t{1} << bucket_bits_);
  for (std::uint32_t place = 0; place < size_; ++place) {
    bucket_ends_[bucket_of(bytes_at(place))] = place + 1;
  }
  for (std::size_t i = 1; i < bucket_ends_.size(); ++i) {
    bucket_ends_[i] = std::max(bucket_ends_[i], bucket_ends_[i - 1]);
  }
}

std::size_t PublishCache::bucket_of(ByteView row) const noexcept {
  const std::uint32_t begin = std::uint32_t{row[0]} << 24 | std::uint32_t{row[1]} << 16 |
                              std::uint32_t{row[2]} << 8 | std::uint32_t{row[3]};
  return bucket_bits_ == 0 ? 0 : begin >> (32 - bucket_bits_);
}

ByteView PublishCache::bytes_at(std::uint32_t place) const noexcept {
  return entries_.subspan(place * entry_bytes_, entry_bytes_);
}

PublishCacheEntry PublishCache::operator[](std::uint32_t place) const noexcept {
  ByteReader in(bytes_at(place));
  PublishCacheEntry entry;
  entry.row = RowHash(in.array<RowHash::kSize>());
  entry.number = NumberHash(in.array<NumberHash::kSize>());
  for (std::size_t i = 0; i < directory::kTagBytes; ++i) {
    entry.tag = entry.tag << 8 | in.u8();
  }
  if (has_siv_) {
    entry.siv = in.array<directory::kSivBytes>();
  }
  if (has_handle_) {
    entry.handle = in.array<std::tuple_size_v<directory::Handle>>();
  }
  return entry;
}

NumberHash PublishCache::number_at(std::uint32_t place) const noexcept {
  return NumberHash(bytes_at(place).subspan<RowHash::kSize, NumberHash::kSize>());
}

std::optional<std::uint32_t> PublishCache::find(const RowHash& row) const noexcept {
  const std::size_t bucket = bucket_of(row.view());
  for (std::uint32_t place = bucket == 0 ? 0 : bucket_ends_[bucket - 1]; place < bucket_ends_[bucket];
       ++place) {
    if (std::memcmp(bytes_at(place).data(), row.view().data(), RowHash::kSize) == 0) {
      return place;
    }
  }
  return std::nullopt;
}

Result<void> write_publish_cache(const std::filesystem::path& path, const PublishIndex& index,
                                 PublishCacheHeader header, const PublishCacheContent& content) {
  std::vector<PublishCacheEntry>& fresh = *content.fresh;
  std::sort(fresh.begin(), fresh.end(),
            [](const PublishCacheEntry& a, const PublishCacheEntry& b) { return a.row < b.row; });
  const std::uint32_t places = content.before == nullptr ? 0 : content.before->size();
  header.entries = fresh.size();
  if (places != 0) {
    header.entries +=
        static_cast<std::uint64_t>(std::count(content.kept->begin(), content.kept->end(), true));
  }
  Result<AtomicFile> file = AtomicFile::create(path);
  if (!file) {
    return failed(file);
  }
  CacheWriter writer(std::move(*file), index);
  Result<void> written = writer.append(encode(header));
  EntryBytes bytes(header);
  auto next = fresh.begin();
  for (std::uint32_t place = 0; written && place < places; ++place) {
    if (!(*content.kept)[place]) {
      continue;
    }
    const ByteView old = content.before->bytes_at(place);
    for (; written && next != fresh.end() &&
           std::memcmp(next->row.view().data(), old.data(), RowHash::kSize) < 0;
         ++next) {
      written = writer.append(bytes.of(*next));
    }
    if (written) {
      written = writer.append(old);
    }
  }
  for (; written && next != fresh.end(); ++next) {
    written = writer.append(bytes.of(*next));
  }
  return written ? std::move(writer).finish() : written;
}

}  // namespace blindbook::service
