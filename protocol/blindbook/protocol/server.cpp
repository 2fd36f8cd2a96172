#include "blindbook/protocol/server.h"

#include <algorithm>

namespace blindbook::protocol {
namespace {

bool lives(const EpochKey& key, UnixTime now) {
  return key.not_before <= now && now <= key.not_after;
}

}  // namespace

Result<Bytes> EvaluationWork::answer(std::uint32_t allowance_left, RandomSource& random,
                                     Workers& workers) && {
  auto evaluated = std::move(*job_).finish(key_->keys.secret, key_->keys.public_key, random, workers);
  if (!evaluated) {
    return failed(evaluated);
  }
  return encode_answer(digest_, allowance_left, *evaluated);
}

const EpochKey* Evaluator::live_key(const EvaluateRequest& request, UnixTime now) const noexcept {
  const auto found = std::ranges::find_if(keys_, [&](const EpochKey& key) {
    return key.id == request.epoch && key.keys.public_key.suite() == request.suite && lives(key, now);
  });
  return found == keys_.end() ? nullptr : &*found;
}

const EpochKey* Evaluator::find(const EpochId& epoch) const noexcept {
  const auto found = std::ranges::find(keys_, epoch, &EpochKey::id);
  return found == keys_.end() ? nullptr : &*found;
}

bool Evaluator::has_live_key(UnixTime now) const noexcept {
  return std::ranges::any_of(keys_, [&](const EpochKey& key) { return lives(key, now); });
}

Result<EvaluationWork> Evaluator::accept(ByteView body, const EvaluateRequest& request, const EpochKey& key,
                                         Workers& workers) const {
  const oprf::Suite* suite = oprf::find_suite(request.suite);
  auto job = suite->decode_batch(request.elements, request.count, workers);
  if (!job) {
    return failed(job);
  }
  return EvaluationWork(key, digest_of_request(body), std::move(*job));
}

}  // namespace blindbook::protocol
