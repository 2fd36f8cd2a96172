#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>

#include "blindbook/base/types.h"
#include "blindbook/service/http/message.h"
#include "blindbook/service/served_set.h"
#include "blindbook/service/watch/event_metrics.h"
#include "blindbook/service/watch/watched_ledger.h"
#include "blindbook/service/worker_pool.h"

namespace blindbook::service {

/// The routes of the operator's port, which is another one than the clients':
/// - GET /metrics: counters and gauges for Prometheus (docs/operator/monitoring.md);
/// - GET /readyz: 200 while requests should be sent here, else 503 with a reason of readiness.h on each line;
/// - GET /healthz: 200 while the process answers.
/// Else 404 and 405. Thread-safe; nothing here waits for the ledger or the disk that it is on.
class Admin {
 public:
  /// Everything is borrowed.
  struct Parts {
    const ServedSets& served;
    const EventMetrics& events;
    const WatchedLedger& ledger;
    const WorkerPool& pool;
    std::size_t queue_limit;                   ///< of the pool
    std::function<std::size_t()> connections;  ///< of clients, open at present
    std::function<UnixTime()> clock;
    std::string version;  ///< of the program
    std::string kernel;   ///< in use
  };
  explicit Admin(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] http::Response answer(const http::Request& request) const;
  /// answer(), for HttpServer::listen().
  [[nodiscard]] http::Handler handler() const;

  /// From now on not ready: the worker ends.
  void begin_draining() noexcept { draining_ = true; }

 private:
  [[nodiscard]] std::string metrics() const;

  const Parts parts_;
  std::atomic<bool> draining_{false};
};

}  // namespace blindbook::service
