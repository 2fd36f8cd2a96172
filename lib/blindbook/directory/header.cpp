#include "blindbook/directory/header.h"

#include "blindbook/base/domains.h"
#include "blindbook/directory/golomb_rice.h"
#include "blindbook/directory/label.h"
#include "blindbook/directory/tag.h"

namespace blindbook::directory {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kRule = "directory.header";

}  // namespace

std::optional<std::string_view> fault_of(const Header& header) {
  if (header.suite != SuiteId::kRistretto255Sha512 && header.suite != SuiteId::kP256Sha256) {
    return "the suite is unknown";
  }
  if (header.edition == Edition(0)) {
    return "editions count from 1";
  }
  if (header.rice > kMaxRice || (header.entries == 0 && header.rice != 0)) {
    return "the Rice parameter is out of range";
  }
  if (header.label_bytes != 0 &&
      (header.label_bytes < kMinLabelBytes || header.label_bytes > kMaxLabelBytes)) {
    return "the label size is out of range";
  }
  if (!header.label_template.empty() && !LabelTemplate::parse(header.label_template)) {
    return "the label template is malformed";
  }
  return std::nullopt;
}

Bytes encode_header(const Header& header) {
  ByteWriter out;
  out.reserve(header_bytes(header.label_template.size()));
  out.raw(magic::kDirectory)
      .u8(kVersion)
      .u8(static_cast<std::uint8_t>(header.suite))
      .raw(header.epoch.view());
  out.u32(header.edition.value()).u8(kTagBits).u8(header.rice).u64(header.entries).u16(header.label_bytes);
  out.u8(static_cast<std::uint8_t>(header.label_template.size())).raw(header.label_template);
  return std::move(out).take();
}

Result<Header> parse_header(ByteView file) {
  ByteReader in(file);
  if (!in.accept(magic::kDirectory)) {
    return peer_misbehaved(kRule, "this is not a directory");
  }
  if (in.u8() != kVersion) {
    return peer_misbehaved(kRule, "the directory is of another version");
  }
  Header header;
  header.suite = SuiteId{in.u8()};
  header.epoch = EpochId(in.array<EpochId::kSize>());
  header.edition = Edition(in.u32());
  const std::uint8_t tag_bits = in.u8();
  header.rice = in.u8();
  header.entries = in.u64();
  header.label_bytes = in.u16();
  const std::size_t template_bytes = in.u8();
  header.label_template = std::string(text_of(in.raw(template_bytes)));
  if (in.failed()) {
    return peer_misbehaved(kRule, "the header is cut short");
  }
  if (tag_bits != kTagBits) {
    return peer_misbehaved(kRule, "tags are not 56 bits wide");
  }
  if (const auto fault = fault_of(header)) {
    return peer_misbehaved(kRule, std::string(*fault));
  }
  return header;
}

Result<Layout> layout_of(const Header& header, std::uint64_t file_bytes) {
  const auto too_small = [] {
    return peer_misbehaved("directory.size", "so many entries cannot stand in a file of this size");
  };
  Layout layout{.header_bytes = header_bytes(header.label_template.size()),
                .body_bytes = 0,
                .column_bytes = 0,
                .row_bytes = sealed_bytes(header.label_bytes)};
  if (file_bytes < layout.header_bytes) {
    return too_small();
  }
  std::uint64_t left = file_bytes - layout.header_bytes;
  if (layout.row_bytes != 0) {
    if (header.entries > left / layout.row_bytes) {
      return too_small();
    }
    layout.column_bytes = header.entries * layout.row_bytes;
    left -= layout.column_bytes;
  }
  layout.body_bytes = left;
  // Each code takes 1 + k bits at least. Divided, not multiplied: 8 * left may not fit either, but left is a
  // file.
  const std::uint64_t code_bits = 1 + std::uint64_t{header.rice};
  if (left > UINT64_MAX / 8 || header.entries > left * 8 / code_bits) {
    return too_small();
  }
  if (header.entries == 0 && left != 0) {
    return peer_misbehaved("directory.size", "an empty directory has no body");
  }
  return layout;
}

}  // namespace blindbook::directory
