#pragma once

#include <functional>
#include <memory>

#include "blindbook/base/types.h"
#include "blindbook/protocol/resolve.h"
#include "blindbook/protocol/token.h"
#include "blindbook/service/event.h"
#include "blindbook/service/http/message.h"
#include "blindbook/service/ledger.h"
#include "blindbook/service/served_set.h"
#include "blindbook/service/worker_pool.h"

namespace blindbook::service {

/// Answers resolve requests of accounts that have shown a token (docs/spec/resolve.md): header, epoch, a place in the queue,
/// charged, looked up in the store of the edition that is served. What is refused before the charge is free; who has the
/// handle and who does not costs and answers the same. Thread-safe.
class Resolution {
 public:
  /// Everything is borrowed, and must outlive the pool's tasks: destroy the pool first.
  struct Parts {
    Ledger& ledger;
    WorkerPool& pool;
    std::function<UnixTime()> clock;
    EventSink events;
  };
  explicit Resolution(Parts parts) : parts_(std::move(parts)) {}

  /// `respond` gets the answer, or the problem (docs/spec/errors.md): 400 "header", "length"; 410 "epoch"; 404 "labels" (the
  /// epoch's labels are not resolved on use); 503 "busy", "storage"; 429 "allowance", "retries"; 500 "internal". Returns at
  /// once.
  void answer(std::shared_ptr<const ServedSet> set, const protocol::Access& access, const Bytes& body,
              const http::Respond& respond);

 private:
  [[nodiscard]] http::Response run(const ServedSet& set, const protocol::Access& access,
                                   const protocol::RequestDigest& digest,
                                   const protocol::ResolveRequest& request);

  const Parts parts_;
};

}  // namespace blindbook::service
