#include "blindbook/protocol/log_segment.h"

#include <limits>
#include <string>

#include "blindbook/base/domains.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::protocol {

std::optional<Head> LogSegment::head_at(std::uint64_t seq) const {
  if (seq + 1 < first || seq + 1 - first > objects.size()) {
    return std::nullopt;
  }
  Head head = before;
  for (std::size_t i = 0; i < seq + 1 - first; ++i) {
    head = next_head(head, objects[i]);
  }
  return head;
}

LogSegment LogSegment::part(std::uint64_t from, std::uint64_t to) const {
  const auto at = [&](std::uint64_t seq) {
    return objects.begin() + static_cast<std::ptrdiff_t>(seq - first);
  };
  return {.first = from, .before = head_at(from - 1).value_or(before), .objects = {at(from), at(to + 1)}};
}

Head next_head(const Head& previous, const Digest& object) {
  return Head(hash::sha256({bytes_of(domain::kLog), previous.view(), object.view()}));
}

Bytes encode_log(const LogSegment& log) {
  ByteWriter out;
  out.raw(magic::kLog).u8(1).u64(log.first).raw(log.before.view());
  out.u32(static_cast<std::uint32_t>(log.objects.size()));
  for (const Digest& object : log.objects) {
    out.raw(object.view());
  }
  return std::move(out).take();
}

Result<LogSegment> parse_log(ByteView bytes) {
  ByteReader in(bytes);
  const bool known = in.accept(magic::kLog) && in.u8() == 1;
  LogSegment out;
  out.first = in.u64();
  out.before = Head(in.array<Head::kSize>());
  const std::uint32_t count = in.u32();
  // The size is looked at before anything is made of the count.
  if (!known || in.failed() || out.first == 0 || in.rest().size() != std::uint64_t{count} * Digest::kSize ||
      out.first > std::numeric_limits<std::uint64_t>::max() - count ||
      (out.first == 1 && out.before != Head())) {
    return peer_misbehaved("log.format", "the log of announcements has an unknown form");
  }
  out.objects.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    out.objects.emplace_back(in.array<Digest::kSize>());
  }
  return out;
}

std::string log_path(std::uint64_t seq) {
  return "/v1/log?from=" + std::to_string(seq);
}

}  // namespace blindbook::protocol
