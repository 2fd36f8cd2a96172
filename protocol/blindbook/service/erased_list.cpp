#include "blindbook/service/erased_list.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "blindbook/base/constant_time.h"
#include "blindbook/base/domains.h"
#include "blindbook/service/atomic_file.h"

namespace blindbook::service {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kMacBytes = 32;
constexpr std::size_t kMaxFileBytes = std::size_t{256} << 20;

tl::unexpected<Error> unreadable(std::string_view rule, std::string message) {
  return bad_input(
      rule, std::move(message),
      "without it erased numbers would come back: restore the file from where it was copied to, or end its "
      "epoch");
}

struct Envelope {
  EpochId epoch;
  std::uint32_t count = 0;
  ByteView numbers;
};

Result<Envelope> open_envelope(ByteView file) {
  ByteReader in(file);
  const bool known = in.accept(magic::kErasedList) && in.u8() == kVersion;
  Envelope out;
  out.epoch = EpochId(in.array<EpochId::kSize>());
  out.count = in.u32();
  out.numbers = in.rest();
  if (!known || in.failed() ||
      out.numbers.size() != std::uint64_t{out.count} * NumberHash::kSize + kMacBytes) {
    return unreadable("erased.format", "the list of erased numbers is damaged, or of another version");
  }
  out.numbers = out.numbers.first(out.numbers.size() - kMacBytes);
  return out;
}

}  // namespace

Result<ErasedList> ErasedList::load(const std::filesystem::path& path, const EpochId& epoch,
                                    const PublishIndex& index) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return ErasedList(epoch);
  }
  Result<Bytes> file = read_file(path, kMaxFileBytes);
  if (!file) {
    return failed(file);
  }
  Result<Envelope> opened = open_envelope(*file);
  if (!opened) {
    return failed(opened);
  }
  const ByteView bytes = *file;
  const auto mac =
      index.authenticator(domain::kIndexErased).update(bytes.first(bytes.size() - kMacBytes)).finish();
  if (opened->epoch != epoch || !declassify(equal_constant_time(mac, bytes.last(kMacBytes)))) {
    return unreadable("erased.mac", "the list of erased numbers was changed, or belongs to another epoch");
  }
  ErasedList out(epoch);
  ByteReader numbers(opened->numbers);
  for (std::uint32_t i = 0; i < opened->count; ++i) {
    out.numbers_.emplace_back(numbers.array<NumberHash::kSize>());
  }
  return out;
}

Result<void> ErasedList::save(const std::filesystem::path& path, const PublishIndex& index) const {
  if (numbers_.empty()) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) ? remove_file(path) : Result<void>();
  }
  ByteWriter out;
  out.raw(magic::kErasedList)
      .u8(kVersion)
      .raw(epoch_.view())
      .u32(static_cast<std::uint32_t>(numbers_.size()));
  for (const NumberHash& number : numbers_) {
    out.raw(number.view());
  }
  out.raw(index.authenticator(domain::kIndexErased).update(out.view()).finish());
  if (Result<void> made = create_folder(path.parent_path(), FileAccess::kOwnerOnly); !made) {
    return made;
  }
  remove_leftovers(path);
  return write_file_atomically(path, out.view(), FileAccess::kOwnerOnly);
}

bool ErasedList::contains(const NumberHash& number) const noexcept {
  return std::binary_search(numbers_.begin(), numbers_.end(), number);
}

bool ErasedList::add(const NumberHash& number) {
  const auto at = std::lower_bound(numbers_.begin(), numbers_.end(), number);
  if (at != numbers_.end() && *at == number) {
    return false;
  }
  numbers_.insert(at, number);
  return true;
}

bool ErasedList::remove(const NumberHash& number) {
  const auto at = std::lower_bound(numbers_.begin(), numbers_.end(), number);
  if (at == numbers_.end() || *at != number) {
    return false;
  }
  numbers_.erase(at);
  return true;
}

Result<std::uint32_t> count_of_erased_list(ByteView file) {
  Result<Envelope> opened = open_envelope(file);
  return opened ? Result<std::uint32_t>(opened->count) : Result<std::uint32_t>(failed(opened));
}

Result<EpochId> epoch_of_erased_list(ByteView file) {
  Result<Envelope> opened = open_envelope(file);
  return opened ? Result<EpochId>(opened->epoch) : Result<EpochId>(failed(opened));
}

}  // namespace blindbook::service
