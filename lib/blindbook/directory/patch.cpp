#include "blindbook/directory/patch.h"

#include <string>
#include <utility>

#include "blindbook/base/domains.h"
#include "blindbook/directory/coded_numbers.h"

namespace blindbook::directory {
namespace {

constexpr std::uint8_t kVersion = 1;

tl::unexpected<Error> bad_header(std::string message) {
  return peer_misbehaved("patch.header", std::move(message));
}

tl::unexpected<Error> bad_body(std::string message) {
  return peer_misbehaved("patch.body", std::move(message));
}

/// Rises strictly becomes rises, and back.
/// @{
std::vector<std::uint64_t> less_place(std::vector<std::uint64_t> ranks) {
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    ranks[i] -= i;
  }
  return ranks;
}
std::vector<std::uint64_t> plus_place(std::vector<std::uint64_t> numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] += i;
  }
  return numbers;
}
/// @}

/// The header and what it says of the rest.
struct Envelope {
  Patch patch;
  std::uint64_t leavers = 0;
  std::uint8_t leaver_rice = 0;
  std::uint64_t leaver_bytes = 0;
  std::uint64_t joins = 0;
  std::uint8_t join_rice = 0;
  ByteView rest;
};

Result<Envelope> open_envelope(ByteView file) {
  ByteReader in(file);
  if (!in.accept(magic::kPatch)) {
    return bad_header("this is not a patch");
  }
  if (in.u8() != kVersion) {
    return bad_header("the patch is of another version");
  }
  Envelope out;
  out.patch.suite = SuiteId{in.u8()};
  out.patch.epoch = EpochId(in.array<EpochId::kSize>());
  out.patch.from = Edition(in.u32());
  out.patch.to = Edition(in.u32());
  out.patch.label_bytes = in.u16();
  out.leavers = in.u64();
  out.leaver_rice = in.u8();
  out.leaver_bytes = in.u64();
  out.joins = in.u64();
  out.join_rice = in.u8();
  out.rest = in.rest();
  if (in.failed()) {
    return bad_header("the header is cut short");
  }
  // What no directory can have, no patch leads to.
  if (const auto fault = fault_of(Header{.suite = out.patch.suite,
                                         .epoch = out.patch.epoch,
                                         .edition = out.patch.from,
                                         .rice = 0,
                                         .entries = 0,
                                         .label_bytes = out.patch.label_bytes,
                                         .label_template = {}})) {
    return bad_header(std::string(*fault));
  }
  if (out.patch.to <= out.patch.from) {
    return bad_header("the patch does not lead to a later edition");
  }
  return out;
}

}  // namespace

Bytes encode_patch(const Patch& patch) {
  const CodedNumbers leavers = code_numbers(less_place(patch.leavers));
  const CodedNumbers joins = code_numbers(patch.tags);
  ByteWriter out;
  out.raw(magic::kPatch).u8(kVersion).u8(static_cast<std::uint8_t>(patch.suite)).raw(patch.epoch.view());
  out.u32(patch.from.value()).u32(patch.to.value()).u16(patch.label_bytes);
  out.u64(patch.leavers.size()).u8(static_cast<std::uint8_t>(leavers.rice)).u64(leavers.body.size());
  out.u64(patch.tags.size()).u8(static_cast<std::uint8_t>(joins.rice));
  out.raw(leavers.body).raw(joins.body).raw(patch.column);
  return std::move(out).take();
}

Result<Patch> parse_patch(ByteView file) {
  Result<Envelope> opened = open_envelope(file);
  if (!opened) {
    return failed(opened);
  }
  Patch patch = std::move(opened->patch);
  const ByteView rest = opened->rest;
  const std::size_t row_bytes = sealed_bytes(patch.label_bytes);
  if (opened->leaver_bytes > rest.size() ||
      (row_bytes != 0 && opened->joins > (rest.size() - opened->leaver_bytes) / row_bytes)) {
    return bad_body("so many rows cannot stand in a patch of this size");
  }
  const auto leaver_bytes = static_cast<std::size_t>(opened->leaver_bytes);
  const auto column_bytes = row_bytes == 0 ? 0 : static_cast<std::size_t>(opened->joins) * row_bytes;
  auto leavers = decode_numbers(rest.first(leaver_bytes), opened->leavers, opened->leaver_rice);
  if (!leavers) {
    return bad_body("of those who leave: " + std::string(leavers.error()));
  }
  auto tags = decode_numbers(rest.subspan(leaver_bytes, rest.size() - leaver_bytes - column_bytes),
                             opened->joins, opened->join_rice);
  if (!tags) {
    return bad_body("of those who join: " + std::string(tags.error()));
  }
  patch.leavers = plus_place(std::move(*leavers));
  patch.tags = std::move(*tags);
  const ByteView column = rest.last(column_bytes);
  patch.column.assign(column.begin(), column.end());
  const RowsView joins_in_order = patch.joins();
  for (std::size_t i = 1; i < joins_in_order.size(); ++i) {
    if (joins_in_order[i] < joins_in_order[i - 1]) {
      return bad_body("of those who join: rows of one tag are out of order");
    }
  }
  return patch;
}

}  // namespace blindbook::directory
