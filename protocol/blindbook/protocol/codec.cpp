#include "blindbook/protocol/codec.h"

#include <algorithm>

#include "blindbook/base/domains.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/protocol/params.h"

namespace blindbook::protocol {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kEchoBytes = 16;

}  // namespace

RequestDigest digest_of_request(ByteView body) {
  return RequestDigest(hash::sha256({bytes_of(domain::kEvaluate), body}));
}

Bytes encode_request(const oprf::PublicKey& key, const EpochId& epoch, std::uint32_t count,
                     ByteView elements) {
  ByteWriter out;
  out.reserve(kRequestHeaderBytes + elements.size());
  out.raw(magic::kEvaluateRequest).u8(kVersion).u8(static_cast<std::uint8_t>(key.suite()));
  out.raw(epoch.view()).u16(static_cast<std::uint16_t>(count)).raw(elements);
  return std::move(out).take();
}

Result<EvaluateRequest> parse_request(ByteView body) {
  ByteReader in(body);
  const bool known = in.accept(magic::kEvaluateRequest) && in.u8() == kVersion;
  const auto suite_id = static_cast<SuiteId>(in.u8());
  const EpochId epoch(in.array<EpochId::kSize>());
  const std::uint32_t count = in.u16();
  const oprf::Suite* suite = oprf::find_suite(suite_id);
  if (!known || in.failed() || suite == nullptr) {
    return peer_misbehaved("evaluate.header",
                           "the request does not begin as an evaluate request of version 1");
  }
  if (!is_batch_size(count)) {
    return peer_misbehaved("evaluate.batch-size", "the number of elements is not a listed batch size");
  }
  const ByteView elements = in.raw(count * suite->sizes().element);
  if (!in.finished()) {
    return peer_misbehaved("evaluate.length", "the request is not as long as its count says");
  }
  return EvaluateRequest{.suite = suite_id, .epoch = epoch, .count = count, .elements = elements};
}

Bytes encode_answer(const RequestDigest& request, std::uint32_t allowance_left,
                    const oprf::Evaluated& evaluated) {
  ByteWriter out;
  out.reserve(kAnswerHeaderBytes + evaluated.elements.size() + evaluated.proof.size());
  out.raw(magic::kEvaluateAnswer).u8(kVersion).raw(request.view().first(kEchoBytes)).u32(allowance_left);
  out.raw(evaluated.elements).raw(evaluated.proof);
  return std::move(out).take();
}

Result<EvaluateAnswer> parse_answer(ByteView body, const oprf::SuiteSizes& sizes,
                                    const RequestDigest& request, std::uint32_t count) {
  ByteReader in(body);
  const bool known = in.accept(magic::kEvaluateAnswer) && in.u8() == kVersion;
  const ByteView echo = in.raw(kEchoBytes);
  EvaluateAnswer answer{.allowance_left = in.u32(), .elements = {}, .proof = {}};
  if (!known || in.failed()) {
    return peer_misbehaved("answer.header", "the answer does not begin as an evaluate answer of version 1");
  }
  if (!std::ranges::equal(echo, request.view().first(kEchoBytes))) {
    return peer_misbehaved("answer.echo", "the answer belongs to another request");
  }
  answer.elements = in.raw(count * sizes.element);
  answer.proof = in.raw(sizes.proof);
  if (!in.finished()) {
    return peer_misbehaved("answer.length", "the answer is not as long as the request demands");
  }
  return answer;
}

}  // namespace blindbook::protocol
