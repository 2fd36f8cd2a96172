#include "blindbook/protocol/pending.h"

#include "blindbook/base/domains.h"
#include "blindbook/protocol/aead.h"

namespace blindbook::protocol {
namespace {

constexpr std::uint8_t kVersion = 1;

Bytes header() {
  ByteWriter out;
  out.raw(magic::kPending).u8(kVersion);
  return std::move(out).take();
}

/// What the sealing authenticates: the file's header and what kind of secret this is.
Bytes context() {
  ByteWriter out;
  out.raw(domain::kPending).raw(header());
  return std::move(out).take();
}

tl::unexpected<Error> damaged() {
  return bad_input("client.pending", "the suspended request cannot be read: it is damaged or of another key");
}

}  // namespace

Bytes encode_pending(const Secret<32>& key, const PendingContent& content, RandomSource& random) {
  const RequestOrder& order = content.named.order;
  std::size_t size = 64 + order.issuer.size() + order.subject.size() + content.batch.size();
  for (const auto& slot : content.slots) {
    size += 2 + (slot ? slot->text().size() : 0);
  }
  ByteWriter out;
  out.reserve(size);  // never grows: growth would leave unwiped copies behind
  out.raw(content.named.epoch.view()).u64(order.created_at.value());
  out.framed16(bytes_of(order.issuer)).framed16(bytes_of(order.subject));
  out.u16(static_cast<std::uint16_t>(content.slots.size()));
  for (const auto& slot : content.slots) {
    out.framed16(slot ? slot->bytes() : ByteView{});
  }
  out.raw(content.batch.expose());
  const SecretBytes plain = SecretBytes::adopt(std::move(out).take());
  ByteWriter file;
  file.raw(header()).raw(aead_seal(key, context(), plain.expose(), random));
  return std::move(file).take();
}

Result<PendingContent> decode_pending(const Secret<32>& key, ByteView blob) {
  ByteReader file(blob);
  if (!file.accept(magic::kPending) || file.u8() != kVersion) {
    return damaged();
  }
  const auto plain = aead_open(key, context(), file.rest());
  if (!plain) {
    return damaged();
  }
  ByteReader in(plain->expose());
  PendingContent content;
  content.named.epoch = EpochId(in.array<EpochId::kSize>());
  content.named.order.created_at = UnixTime(in.u64());
  content.named.order.issuer = text_of(in.framed16());
  content.named.order.subject = text_of(in.framed16());
  for (std::size_t left = in.u16(); left > 0 && !in.failed(); --left) {
    const std::string_view text = text_of(in.framed16());
    if (text.empty()) {
      content.slots.emplace_back(std::nullopt);
      continue;
    }
    auto identifier = Identifier::parse(text);
    if (!identifier) {
      return damaged();
    }
    content.slots.emplace_back(std::move(*identifier));
  }
  if (in.failed()) {
    return damaged();
  }
  content.batch = SecretBytes(in.rest());
  return content;
}

}  // namespace blindbook::protocol
