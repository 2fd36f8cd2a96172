#include "blindbook/directory/builder.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "blindbook/directory/golomb_rice.h"
#include "blindbook/directory/tag.h"

namespace blindbook::directory {
namespace {

constexpr std::uint64_t kMaxRows = std::uint64_t{1} << 40;  // what a key can tell apart

// With k = 56 - w, where n < 2^w: the quotients sum to at most 2^56 / 2^k = 2^w <= 2n, and each code has 1 +
// k bits besides. The k that is chosen is no worse.
std::size_t most_body_bytes(std::size_t rows) noexcept {
  const auto width = static_cast<std::size_t>(std::bit_width(rows));
  return rows * (2 + 1 + kTagBits - width) / 8 + 1;
}

}  // namespace

Builder::Builder(SuiteId suite, const EpochId& epoch, Edition edition, std::uint16_t label_bytes,
                 std::string label_template)
    : header_{.suite = suite,
              .epoch = epoch,
              .edition = edition,
              .rice = 0,
              .entries = 0,
              .label_bytes = label_bytes,
              .label_template = std::move(label_template)},
      row_bytes_(sealed_bytes(label_bytes)) {}

void Builder::reserve(std::size_t rows) {
  keys_.reserve(rows);
  sealed_.reserve(header_bytes(header_.label_template.size()) + most_body_bytes(rows) + rows * row_bytes_);
}

void Builder::add(Tag tag, ByteView sealed) {
  if (tag.value() > kMaxTag || sealed.size() != row_bytes_ || keys_.size() >= kMaxRows) {
    has_bad_row_ = true;
    return;
  }
  keys_.push_back(make_key(tag.value(), keys_.size()));
  sealed_.insert(sealed_.end(), sealed.begin(), sealed.end());
}

Result<Bytes> Builder::finish() && {
  if (has_bad_row_) {
    return api_misuse("directory.row",
                      "a row has a tag or a sealed label of another size than the directory");
  }
  const auto tag_at = [this](std::size_t i) { return tag_of_key(keys_[i]); };
  order_rows();
  for (std::size_t i = kMaxEqualRows; i < keys_.size(); ++i) {
    if (tag_at(i) == tag_at(i - kMaxEqualRows)) {
      return api_misuse("directory.row", "too many rows have one tag");
    }
  }
  const RiceChoice rice = choose_rice(keys_.size(), tag_at);
  header_.rice = static_cast<std::uint8_t>(rice.k);
  header_.entries = keys_.size();
  if (const auto fault = fault_of(header_)) {
    return api_misuse("directory.header", std::string(*fault));
  }

  const Bytes head = encode_header(header_);
  const auto body_bytes = static_cast<std::size_t>((rice.bits + 7) / 8);
  const std::size_t column_bytes = sealed_.size();
  const std::size_t column_at = head.size() + body_bytes;
  move_rows_to_ranks();
  sealed_.reserve(column_at + column_bytes);  // resize() alone may take twice as much
  sealed_.resize(column_at + column_bytes);
  std::copy_backward(sealed_.begin(), sealed_.begin() + static_cast<std::ptrdiff_t>(column_bytes),
                     sealed_.end());
  std::copy(head.begin(), head.end(), sealed_.begin());
  encode_tags(keys_.size(), tag_at, rice.k, MutableBytes(sealed_).subspan(head.size(), body_bytes));
  return std::move(sealed_);
}

Builder::Key Builder::make_key(std::uint64_t tag, std::uint64_t place) noexcept {
  return {static_cast<std::uint32_t>(tag >> 24), static_cast<std::uint32_t>(tag << 8 | place >> 32),
          static_cast<std::uint32_t>(place)};
}

std::uint64_t Builder::tag_of_key(const Key& key) noexcept {
  return std::uint64_t{key[0]} << 24 | key[1] >> 8;
}

std::size_t Builder::place_of_key(const Key& key) noexcept {
  return static_cast<std::size_t>(std::uint64_t{key[1] & 0xFF} << 32 | key[2]);
}

// By (tag, sealed). Equal tags are rare, so that labels are compared only where tags are equal.
void Builder::order_rows() {
  std::sort(keys_.begin(), keys_.end());
  if (row_bytes_ == 0) {
    return;
  }
  const auto label_less = [this](const Key& a, const Key& b) {
    return std::memcmp(&sealed_[place_of_key(a) * row_bytes_], &sealed_[place_of_key(b) * row_bytes_],
                       row_bytes_) < 0;
  };
  for (auto first = keys_.begin(); first != keys_.end();) {
    const auto last = std::find_if(first + 1, keys_.end(),
                                   [&](const Key& key) { return tag_of_key(key) != tag_of_key(*first); });
    if (last - first > 1) {
      std::sort(first, last, label_less);
    }
    first = last;
  }
}

// Moves each label to its rank in place, along the cycles of the permutation: a second copy of the column
// would be the largest thing in memory. A key whose label is in place points to its own rank.
void Builder::move_rows_to_ranks() {
  if (row_bytes_ == 0) {
    return;
  }
  const auto row = [this](std::size_t place) { return &sealed_[place * row_bytes_]; };
  std::array<std::uint8_t, kSivBytes + kMaxLabelBytes> first;
  for (std::size_t start = 0; start < keys_.size(); ++start) {
    if (place_of_key(keys_[start]) == start) {
      continue;
    }
    std::memcpy(first.data(), row(start), row_bytes_);
    for (std::size_t rank = start;;) {
      const std::size_t from = place_of_key(keys_[rank]);
      keys_[rank] = make_key(tag_of_key(keys_[rank]), rank);
      if (from == start) {
        std::memcpy(row(rank), first.data(), row_bytes_);
        break;
      }
      std::memcpy(row(rank), row(from), row_bytes_);
      rank = from;
    }
  }
}

}  // namespace blindbook::directory
