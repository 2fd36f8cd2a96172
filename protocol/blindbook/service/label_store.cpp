#include "blindbook/service/label_store.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>

#include "blindbook/base/constant_time.h"
#include "blindbook/base/domains.h"
#include "blindbook/hash/hkdf.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/service/atomic_file.h"

namespace blindbook::service {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHandleBytes = std::tuple_size_v<directory::Handle>;
constexpr std::size_t kMissKeyBytes = 32;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kHeaderBytes = 8 + 1 + 1 + 16 + 4 + 32 + 2 + kMissKeyBytes + 8;
constexpr std::size_t kMissKeyAt = kHeaderBytes - 8 - kMissKeyBytes;

std::size_t entry_bytes_of(std::uint16_t label_bytes) noexcept {
  return kHandleBytes + directory::sealed_bytes(label_bytes);
}

tl::unexpected<Error> bad_format(std::string_view message) {
  return bad_input("label-store.format", std::string(message), "publish again");
}

/// The header, whose size is that of the file; the rest is not looked at.
Result<LabelStoreHeader> parse_header(ByteView file) {
  ByteReader in(file);
  if (!in.accept(magic::kLabelStore) || in.u8() != kVersion) {
    return bad_format("this is no label store of version 1");
  }
  LabelStoreHeader header;
  header.suite = SuiteId{in.u8()};
  header.epoch = EpochId(in.array<EpochId::kSize>());
  header.edition = Edition(in.u32());
  header.root = Root(in.array<Root::kSize>());
  header.label_bytes = in.u16();
  static_cast<void>(in.raw(kMissKeyBytes));
  header.entries = in.u64();
  if (in.failed() || in.rest().size() < kHashBytes) {
    return bad_format("the label store is cut short");
  }
  if (header.label_bytes < directory::kMinLabelBytes || header.label_bytes > directory::kMaxLabelBytes) {
    return bad_format("the label store has labels of a size that no epoch has");
  }
  const std::size_t left = in.rest().size() - kHashBytes;
  const std::size_t each = entry_bytes_of(header.label_bytes);
  if (left % each != 0 || header.entries != left / each) {
    return bad_format("the label store does not have the size of its entries");
  }
  return header;
}

}  // namespace

LabelStoreHeader label_store_header_of(const protocol::AnnouncedEpoch& epoch) {
  return {.suite = epoch.suite(),
          .epoch = epoch.id,
          .edition = epoch.edition,
          .root = epoch.root,
          .label_bytes = epoch.label_bytes,
          .entries = epoch.entries};
}

std::filesystem::path label_store_path(const std::filesystem::path& labels, const EpochId& epoch,
                                       Edition edition) {
  return labels / epoch.hex() / std::to_string(edition.value()).append(".bbs");
}

Result<LabelStoreHeader> check_label_store(ByteView file) {
  Result<LabelStoreHeader> header = parse_header(file);
  if (!header) {
    return header;
  }
  if (!std::ranges::equal(hash::sha256({file.first(file.size() - kHashBytes)}), file.last(kHashBytes))) {
    return bad_format("the label store is damaged");
  }
  const std::size_t each = entry_bytes_of(header->label_bytes);
  for (std::uint64_t place = 1; place < header->entries; ++place) {
    const std::uint8_t* const at = file.data() + kHeaderBytes + place * each;
    if (std::memcmp(at - each, at, kHandleBytes) >= 0) {
      return bad_format("the entries of the label store are out of order");
    }
  }
  return header;
}

LabelStore::LabelStore(std::shared_ptr<const MappedFile> file, const LabelStoreHeader& header) noexcept
    : file_(std::move(file)),
      header_(header),
      miss_key_(file_->bytes().subspan(kMissKeyAt, kMissKeyBytes)),
      entries_(file_->bytes().subspan(kHeaderBytes, header.entries * entry_bytes_of(header.label_bytes))) {}

Result<std::shared_ptr<const LabelStore>> LabelStore::open(const std::filesystem::path& path,
                                                           const LabelStoreHeader& expected) {
  auto file = MappedFile::open(path);
  if (!file) {
    return failed(file);
  }
  const Result<LabelStoreHeader> header = check_label_store((*file)->bytes());
  if (!header) {
    return tl::unexpected<Error>(header.error());
  }
  if (*header != expected) {
    return bad_input("label-store.other", path.string() + " is the label store of another edition",
                     "publish again");
  }
  return std::shared_ptr<const LabelStore>(new LabelStore(std::move(*file), *header));
}

ByteView LabelStore::entry(std::uint64_t place) const noexcept {
  const std::size_t each = entry_bytes_of(header_.label_bytes);
  return entries_.subspan(place * each, each);
}

// A hit costs what a miss costs: the search goes on when the handle is found, the bytes of a miss are made in any case, and
// which of the two is answered is chosen without a branch.
void LabelStore::resolve(const directory::Handle& handle, MutableBytes out) const {
  std::array<std::uint8_t, domain::kResolveMiss.size() + kHandleBytes> info;
  std::copy(domain::kResolveMiss.begin(), domain::kResolveMiss.end(), info.begin());
  std::copy(handle.begin(), handle.end(), info.begin() + domain::kResolveMiss.size());
  hash::hkdf_expand(hash::HashId::kSha256, miss_key_, info, out);
  if (header_.entries == 0) {
    return;
  }
  std::uint64_t place = 0;
  for (std::uint64_t among = header_.entries; among > 1;) {
    const std::uint64_t half = among / 2;
    place += std::memcmp(entry(place + half).data(), handle.data(), kHandleBytes) <= 0 ? half : 0;
    among -= half;
  }
  const ByteView found = entry(place);
  const bool hit = equal_constant_time(found.first(kHandleBytes), handle);
  const auto mask = static_cast<std::uint8_t>(0U - static_cast<unsigned>(hit));
  const ByteView sealed = found.subspan(kHandleBytes);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(out[i] ^ (mask & (out[i] ^ sealed[i])));
  }
}

std::size_t LabelStoreBuilder::entry_bytes() const noexcept {
  return entry_bytes_of(label_bytes_);
}

void LabelStoreBuilder::reserve(std::uint64_t entries) {
  entries_.reserve(static_cast<std::size_t>(entries) * entry_bytes());
}

void LabelStoreBuilder::add(const directory::Handle& handle, ByteView sealed) {
  entries_.insert(entries_.end(), handle.begin(), handle.end());
  entries_.insert(entries_.end(), sealed.begin(), sealed.end());
}

void LabelStoreBuilder::add_from(const LabelStore& before, const std::vector<directory::Handle>& leaving) {
  auto next = leaving.begin();
  for (std::uint64_t place = 0; place < before.header().entries; ++place) {
    const ByteView entry = before.entry(place);
    directory::Handle handle;
    std::copy_n(entry.begin(), handle.size(), handle.begin());
    while (next != leaving.end() && *next < handle) {
      ++next;
    }
    if (next == leaving.end() || *next != handle) {
      entries_.insert(entries_.end(), entry.begin(), entry.end());
    }
  }
}

Result<void> LabelStoreBuilder::write(const std::filesystem::path& labels,
                                      const protocol::AnnouncedEpoch& epoch, const LabelStore* before,
                                      RandomSource& random) const {
  const std::size_t each = entry_bytes();
  const std::size_t count = entries_.size() / each;
  std::vector<const std::uint8_t*> order;
  order.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    order.push_back(entries_.data() + i * each);
  }
  std::sort(order.begin(), order.end(),
            [](const std::uint8_t* a, const std::uint8_t* b) { return std::memcmp(a, b, kHandleBytes) < 0; });
  const auto twice = std::adjacent_find(
      order.begin(), order.end(),
      [](const std::uint8_t* a, const std::uint8_t* b) { return std::memcmp(a, b, kHandleBytes) == 0; });
  if (twice != order.end()) {
    return api_misuse("label-store.handle", "two entries of a label store have one handle");
  }
  Secret<kMissKeyBytes> miss_key;
  if (before != nullptr) {
    std::copy(before->miss_key().begin(), before->miss_key().end(), miss_key.expose_mutable().begin());
  } else {
    random.fill(miss_key.expose_mutable());
  }
  ByteWriter out;
  out.reserve(kHeaderBytes + entries_.size() + kHashBytes);
  out.raw(magic::kLabelStore).u8(kVersion).u8(static_cast<std::uint8_t>(epoch.suite()));
  out.raw(epoch.id.view()).u32(epoch.edition.value()).raw(epoch.root.view()).u16(label_bytes_);
  out.raw(miss_key.expose()).u64(count);
  for (const std::uint8_t* entry : order) {
    out.raw(ByteView(entry, each));
  }
  out.raw(hash::sha256({out.view()}));
  const std::filesystem::path path = label_store_path(labels, epoch.id, epoch.edition);
  if (Result<void> made = create_folder(path.parent_path(), FileAccess::kOwnerOnly); !made) {
    return made;
  }
  return write_file_atomically(path, out.view(), FileAccess::kOwnerOnly);
}

}  // namespace blindbook::service
