#include "blindbook/protocol/evidence.h"

#include <utility>

#include "blindbook/base/domains.h"
#include "blindbook/protocol/history.h"

namespace blindbook::protocol {

Bytes encode_evidence(const Evidence& evidence) {
  ByteWriter out;
  out.raw(magic::kEvidence);
  const auto add = [&](ByteView part) { out.u32(static_cast<std::uint32_t>(part.size())).raw(part); };
  add(evidence.one);
  add(evidence.other);
  if (evidence.log) {
    add(encode_log(*evidence.log));
  }
  return std::move(out).take();
}

Result<Evidence> parse_evidence(ByteView file) {
  ByteReader in(file);
  const bool known = in.accept(magic::kEvidence);
  const auto part = [&] {
    const ByteView bytes = in.raw(in.u32());
    return Bytes(bytes.begin(), bytes.end());
  };
  Evidence out;
  out.one = part();
  out.other = part();
  bool good = known && !in.failed();
  if (good && !in.rest().empty()) {
    Result<LogSegment> log = parse_log(part());
    good = log.has_value() && in.finished();
    if (good) {
      out.log = std::move(*log);
    }
  }
  if (!good) {
    return bad_input("evidence.format", "the evidence is cut short, or holds something else");
  }
  return out;
}

Result<std::string> verify_evidence(const Evidence& evidence, const Ed25519PublicKey& root) {
  auto one = open_announcement(evidence.one, root);
  auto other = open_announcement(evidence.other, root);
  if (!one || !other) {
    return one ? failed(other) : failed(one);
  }
  // What a client would say that saw one and then the other. At time 0 no epoch has ended.
  constexpr UnixTime kNever{0};
  const auto first = follow({}, *one, kNever);
  std::optional<Bytes> log;
  if (evidence.log) {
    log = encode_log(*evidence.log);
  }
  const auto second =
      follow(first->history, *other, kNever, log ? std::optional<ByteView>(*log) : std::nullopt);
  if (second || !second.error().evidence) {
    return bad_input("evidence.proves-nothing", "these announcements do not contradict each other");
  }
  return second.error().error.message;
}

}  // namespace blindbook::protocol
