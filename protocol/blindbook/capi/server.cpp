#include "blindbook/capi/server.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "blindbook/base/random.h"
#include "blindbook/capi/boundary.h"
#include "blindbook/protocol/allowance.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/operator_identity.h"

// The server behind the C ABI: evaluation and allowance.

using namespace blindbook;
using capi::any_null;
using capi::copy_out;
using capi::guarded;
using capi::guarded_whole;
using capi::is_time;
using capi::report;
using capi::report_no_time;
using capi::report_null;
using capi::view_of;

struct bb_evaluation {
  protocol::EvaluationWork work;
  std::size_t done = 0;
  std::optional<Bytes> answer;
  bool broken = false;
};

bb_status bb_server_new(bb_server** server, bb_error* error) {
  if (any_null(server)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    *server = std::make_unique<bb_server>().release();
    return BB_OK;
  });
}

void bb_server_free(bb_server* server) {
  delete server;
}

bb_status bb_server_add_epoch(bb_server* server, const char* operator_key, const uint8_t* announcement,
                              size_t announcement_size, const uint8_t* secret_key, size_t secret_key_size,
                              uint8_t* epoch_id, bb_error* error) {
  if (any_null(server, operator_key, announcement, secret_key, epoch_id)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    const auto root = protocol::decode_operator_file(operator_key);
    if (!root) {
      return report(root.error(), error);
    }
    const auto opened = protocol::open_announcement(view_of(announcement, announcement_size), *root);
    if (!opened) {
      return report(opened.error(), error);
    }
    for (const protocol::AnnouncedEpoch& epoch : opened->announcement.epochs) {
      const oprf::Suite* suite = oprf::find_suite(epoch.suite());
      if (suite == nullptr) {
        continue;
      }
      auto keys = suite->decode_secret_key(view_of(secret_key, secret_key_size));
      if (!keys) {
        return report(keys.error(), error);
      }
      if (keys->public_key == epoch.public_key) {
        std::vector<protocol::EpochKey> of_this_epoch;
        of_this_epoch.push_back({epoch.id, epoch.not_before, epoch.not_after, std::move(*keys)});
        server->epochs.emplace_back(std::move(of_this_epoch));
        std::copy(epoch.id.view().begin(), epoch.id.view().end(), epoch_id);
        return BB_OK;
      }
    }
    return report(bad_input("server.no-epoch", "no announced epoch has this key").value(), error);
  });
}

bb_status bb_server_accept(const bb_server* server, const uint8_t* body, size_t size, uint64_t now,
                           bb_evaluation** evaluation, bb_error* error) {
  if (any_null(server, evaluation) || (body == nullptr && size != 0)) {
    return report_null(error);
  }
  if (!is_time(now)) {
    return report_no_time(error);
  }
  return guarded(error, [&] {
    const auto request = protocol::parse_request(view_of(body, size));
    if (!request) {
      return report(request.error(), error);
    }
    for (const protocol::Evaluator& evaluator : server->epochs) {
      if (const protocol::EpochKey* key = evaluator.live_key(*request, UnixTime(now))) {
        auto work = evaluator.accept(view_of(body, size), *request, *key);
        if (!work) {
          return report(work.error(), error);
        }
        *evaluation = std::make_unique<bb_evaluation>(bb_evaluation{.work = std::move(*work)}).release();
        return BB_OK;
      }
    }
    return report(unavailable("server.epoch", "the epoch of the request does not live here now").value(),
                  error);
  });
}

void bb_evaluation_free(bb_evaluation* evaluation) {
  delete evaluation;
}

uint32_t bb_evaluation_cost(const bb_evaluation* evaluation) {
  return evaluation == nullptr ? 0 : evaluation->work.count();
}

bb_status bb_evaluation_digest(const bb_evaluation* evaluation, uint8_t* digest, bb_error* error) {
  if (any_null(evaluation, digest)) {
    return report_null(error);
  }
  const auto bytes = evaluation->work.digest().view();
  std::copy(bytes.begin(), bytes.end(), digest);
  return BB_OK;
}

bb_status bb_evaluation_step(bb_evaluation* evaluation, size_t max_items, size_t* done, size_t* total,
                             bb_error* error) {
  if (any_null(evaluation)) {
    return report_null(error);
  }
  return guarded_whole(&evaluation->broken, error, [&] {
    const std::size_t count = evaluation->work.count();
    const std::size_t last =
        evaluation->done + std::min(std::max<std::size_t>(max_items, 1), count - evaluation->done);
    evaluation->work.evaluate(evaluation->done, last);
    evaluation->done = last;
    if (done != nullptr) {
      *done = last;
    }
    if (total != nullptr) {
      *total = count;
    }
    return BB_OK;
  });
}

bb_status bb_evaluation_answer(bb_evaluation* evaluation, uint32_t allowance_left, uint8_t* out, size_t* size,
                               bb_error* error) {
  if (any_null(evaluation)) {
    return report_null(error);
  }
  return guarded_whole(&evaluation->broken, error, [&] {
    if (evaluation->done < evaluation->work.count()) {
      return report(api_misuse("oprf.not-evaluated", "an element of the batch is not evaluated yet").value(),
                    error);
    }
    // The work is consumed by its answer, which a caller may need room for first.
    if (!evaluation->answer) {
      SystemRandom random;
      auto answer = std::move(evaluation->work).answer(allowance_left, random);
      if (!answer) {
        return report(answer.error(), error);
      }
      evaluation->answer = std::move(*answer);
    }
    return copy_out(*evaluation->answer, out, size, error);
  });
}

namespace {

protocol::AllowancePolicy policy_of(const bb_allowance_policy& policy) {
  return {.initial = policy.initial, .capacity = policy.capacity, .refill_per_day = policy.refill_per_day};
}

protocol::AllowanceState state_of(const bb_allowance& allowance) {
  return {.level = allowance.level, .refilled_at = UnixTime(allowance.refilled_at)};
}

bb_allowance allowance_of(const protocol::AllowanceState& state) {
  return {state.level, state.refilled_at.value()};
}

}  // namespace

bb_status bb_allowance_new(const bb_allowance_policy* policy, uint64_t now, bb_allowance* allowance,
                           bb_error* error) {
  if (any_null(policy, allowance)) {
    return report_null(error);
  }
  if (!is_time(now)) {
    return report_no_time(error);
  }
  *allowance = allowance_of(protocol::new_account(policy_of(*policy), UnixTime(now)));
  return BB_OK;
}

bb_status bb_allowance_spend(const bb_allowance_policy* policy, bb_allowance* allowance, uint32_t cost,
                             uint64_t now, uint32_t* left, uint64_t* retry_after, bb_error* error) {
  if (any_null(policy, allowance)) {
    return report_null(error);
  }
  if (!is_time(now)) {
    return report_no_time(error);
  }
  return guarded(error, [&] {
    const auto asked = protocol::spend(policy_of(*policy), state_of(*allowance), cost, UnixTime(now));
    const auto* granted = std::get_if<protocol::Granted>(&asked);
    const auto* refused = std::get_if<protocol::Refused>(&asked);
    const protocol::AllowanceState& after = granted != nullptr ? granted->after : refused->current;
    *allowance = allowance_of(after);
    if (left != nullptr) {
      *left = protocol::whole_evaluations(after);
    }
    if (retry_after != nullptr) {
      *retry_after = granted != nullptr ? 0 : refused->retry_after_seconds;
    }
    return granted != nullptr
               ? BB_OK
               : report(
                     spent("service.allowance", "the account's allowance does not cover the request").value(),
                     error);
  });
}
