#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"

namespace blindbook::directory {

/// Bytes of the synthetic IV in front of each sealed label.
inline constexpr std::size_t kSivBytes = 8;
/// A label field holds a length of two bytes and the label: L is 2..512 where there are labels, 0 where there
/// are none.
inline constexpr std::uint16_t kMinLabelBytes = 2;
inline constexpr std::uint16_t kMaxLabelBytes = 512;
inline constexpr std::size_t kMaxTemplateBytes = 255;
/// Rows that may share a tag. Chance makes two, rarely three; without a bound a file of one tag would cost
/// whoever looks it up an opening and a match for each of its rows.
inline constexpr std::uint64_t kMaxEqualRows = 1024;

/// What stands in front of a directory:
///   magic(8) version(1)=1 suite(1) epoch_id(16) edition(4) w(1)=56 rice(1) entries(8) label_bytes(2)
///   template_length(1) template
struct Header {
  SuiteId suite{};
  EpochId epoch;
  Edition edition;
  std::uint8_t rice = 0;          ///< Rice parameter k of the body, 0..55: golomb_rice.h
  std::uint64_t entries = 0;      ///< rows of the multiset
  std::uint16_t label_bytes = 0;  ///< L; 0 = no label column
  std::string label_template;     ///< empty, or as LabelTemplate::parse() accepts it: label.h

  friend bool operator==(const Header&, const Header&) = default;
};

/// Bytes of one row of the label column: siv and L bytes; 0 without labels.
[[nodiscard]] constexpr std::size_t sealed_bytes(std::uint16_t label_bytes) noexcept {
  return label_bytes == 0 ? 0 : kSivBytes + label_bytes;
}

/// Bytes of a header with a template of this length.
[[nodiscard]] constexpr std::size_t header_bytes(std::size_t template_bytes) noexcept {
  return 43 + template_bytes;
}

/// Why no directory can have this header, as a clause for a person; nothing when one can.
[[nodiscard]] std::optional<std::string_view> fault_of(const Header& header);

/// The bytes of `header`, which has no fault.
[[nodiscard]] Bytes encode_header(const Header& header);

/// The header at the start of `file`, of which only the header need be there. PeerMisbehaved
/// "directory.header" when it is cut short, of another kind, or has a fault.
[[nodiscard]] Result<Header> parse_header(ByteView file);

/// Where the parts of a directory stand.
struct Layout {
  std::uint64_t header_bytes;
  std::uint64_t body_bytes;
  std::uint64_t column_bytes;  ///< label column
  std::size_t row_bytes;       ///< of it, for one entry
};

/// The layout of a file of `file_bytes` bytes with this header. PeerMisbehaved "directory.size" when so many
/// entries cannot stand in it: afterwards nothing derived from `entries` is larger than the file.
[[nodiscard]] Result<Layout> layout_of(const Header& header, std::uint64_t file_bytes);

}  // namespace blindbook::directory
