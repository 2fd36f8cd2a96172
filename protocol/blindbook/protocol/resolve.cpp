#include "blindbook/protocol/resolve.h"

#include <algorithm>
#include <utility>

#include "blindbook/base/domains.h"
#include "blindbook/directory/header.h"
#include "blindbook/directory/label.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/oprf/suite.h"

namespace blindbook::protocol {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kEchoBytes = 16;

}  // namespace

RequestDigest digest_of_resolve(ByteView body) {
  return RequestDigest(hash::sha256({bytes_of(domain::kResolve), body}));
}

Bytes encode_resolve_request(const ResolveRequest& request) {
  ByteWriter out;
  out.reserve(kResolveRequestBytes);
  out.raw(magic::kResolveRequest).u8(kVersion).u8(static_cast<std::uint8_t>(request.suite));
  out.raw(request.epoch.view()).raw(request.handle);
  return std::move(out).take();
}

Result<ResolveRequest> parse_resolve_request(ByteView body) {
  ByteReader in(body);
  const bool known = in.accept(magic::kResolveRequest) && in.u8() == kVersion;
  const auto suite = static_cast<SuiteId>(in.u8());
  if (!known || in.failed() || oprf::find_suite(suite) == nullptr) {
    return peer_misbehaved("resolve.header", "the request does not begin as a resolve request of version 1");
  }
  ResolveRequest request{.suite = suite, .epoch = EpochId(in.array<EpochId::kSize>()), .handle = {}};
  request.handle = in.array<std::tuple_size_v<directory::Handle>>();
  if (!in.finished()) {
    return peer_misbehaved("resolve.length", "the request is not as long as a resolve request");
  }
  return request;
}

Bytes encode_resolve_answer(const RequestDigest& request, ByteView sealed) {
  ByteWriter out;
  out.reserve(kResolveAnswerHeaderBytes + sealed.size());
  out.raw(magic::kResolveAnswer).u8(kVersion).raw(request.view().first(kEchoBytes)).raw(sealed);
  return std::move(out).take();
}

Result<ByteView> parse_resolve_answer(ByteView body, std::uint16_t label_bytes,
                                      const RequestDigest& request) {
  ByteReader in(body);
  const bool known = in.accept(magic::kResolveAnswer) && in.u8() == kVersion;
  const ByteView echo = in.raw(kEchoBytes);
  if (!known || in.failed()) {
    return peer_misbehaved("resolve-answer.header",
                           "the answer does not begin as a resolve answer of version 1");
  }
  if (!std::ranges::equal(echo, request.view().first(kEchoBytes))) {
    return peer_misbehaved("resolve-answer.echo", "the answer belongs to another request");
  }
  const ByteView sealed = in.raw(directory::sealed_bytes(label_bytes));
  if (!in.finished()) {
    return peer_misbehaved("resolve-answer.length", "the answer is not as long as a label of this epoch");
  }
  return sealed;
}

Result<LabelQuestion> ask_for_label(const AnnouncedEpoch& epoch, const oprf::PrfOutput& output) {
  if (epoch.label_mode != LabelMode::kResolve) {
    return api_misuse("resolve.mode", "the labels of this epoch are not resolved on use");
  }
  const directory::LabelSealer sealer(epoch.suite(), epoch.id, epoch.label_bytes);
  const Result<directory::Handle> handle = sealer.handle(output.expose());
  if (!handle) {
    return tl::unexpected<Error>(handle.error());
  }
  Bytes request = encode_resolve_request({epoch.suite(), epoch.id, *handle});
  const RequestDigest digest = digest_of_resolve(request);
  return LabelQuestion{std::move(request), digest};
}

Result<std::optional<std::string>> open_label(const AnnouncedEpoch& epoch, const oprf::PrfOutput& output,
                                              const RequestDigest& request, ByteView answer) {
  if (!text_of(answer).starts_with(magic::kResolveAnswer)) {
    return unavailable("service.not-an-answer", "what answered is not a blindbook service",
                       "a captive portal, or a proxy that shows a page of its own? try again");
  }
  const Result<ByteView> sealed = parse_resolve_answer(answer, epoch.label_bytes, request);
  if (!sealed) {
    return tl::unexpected<Error>(sealed.error());
  }
  const Result<directory::LabelTemplate> pattern = directory::LabelTemplate::parse(epoch.label_template);
  const directory::LabelSealer sealer(epoch.suite(), epoch.id, epoch.label_bytes);
  const std::optional<std::string> label = sealer.open(output.expose(), *sealed);
  if (!label || !pattern) {
    return std::optional<std::string>();
  }
  return std::optional(pattern->fill(*label));
}

}  // namespace blindbook::protocol
