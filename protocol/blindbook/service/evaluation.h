#pragma once

#include <functional>
#include <memory>

#include "blindbook/base/random.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/codec.h"
#include "blindbook/protocol/token.h"
#include "blindbook/service/event.h"
#include "blindbook/service/http/message.h"
#include "blindbook/service/ledger.h"
#include "blindbook/service/served_set.h"
#include "blindbook/service/worker_pool.h"

namespace blindbook::service {

/// Answers evaluate requests of accounts that have shown a token, in the order of PROTOCOL section 4: header,
/// batch size, epoch, a place in the queue, every element decoded, charged, evaluated. What is refused before
/// the charge is free. Thread-safe.
class Evaluation {
 public:
  /// Everything is borrowed, and must outlive the pool's tasks: destroy the pool first.
  struct Parts {
    Ledger& ledger;
    WorkerPool& pool;
    RandomSource& random;
    std::function<UnixTime()> clock;
    EventSink events;
  };
  explicit Evaluation(Parts parts) : parts_(std::move(parts)) {}

  /// `respond` gets the answer, or the problem (docs/spec/errors.md): 400 "header", "batch-size", "length",
  /// "element"; 410 "epoch"; 503 "busy", "ceiling", "storage"; 429 "allowance", "retries"; 500 "internal".
  /// Returns at once.
  void answer(std::shared_ptr<const ServedSet> set, const protocol::Access& access, Bytes body,
              const http::Respond& respond);

 private:
  [[nodiscard]] http::Response run(const ServedSet& set, const protocol::Access& access, ByteView body,
                                   const protocol::EvaluateRequest& request);

  const Parts parts_;
};

}  // namespace blindbook::service
