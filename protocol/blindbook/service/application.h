#pragma once

#include <cstdint>
#include <functional>
#include <variant>

#include <tl/expected.hpp>

#include "blindbook/base/random.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/token.h"
#include "blindbook/service/evaluation.h"
#include "blindbook/service/event.h"
#include "blindbook/service/http/message.h"
#include "blindbook/service/ledger.h"
#include "blindbook/service/rate_limit.h"
#include "blindbook/service/replaceable.h"
#include "blindbook/service/resolution.h"
#include "blindbook/service/revocations.h"
#include "blindbook/service/served_set.h"
#include "blindbook/service/sqlite_ledger.h"
#include "blindbook/service/worker_pool.h"

namespace blindbook::service {

/// Requests of one account in any hour, free and refused ones included (PROTOCOL section 4).
inline constexpr std::uint32_t kRequestsPerHour = 60;

/// The routes of the public port. Paths are compared as a whole, so there is nothing to traverse.
/// - GET /v1/announcement: never cached.
/// - GET /v1/directory/.., /v1/patch/.. (served_set.h): cached until the next publication, one hour at most;
///   Range only to resume. 404 before the epoch begins, 410 after it ended.
/// - GET /v1/log?from=<seq>: hashes of announcements, never cached. 404 where the log does not reach back to it.
/// - POST /v1/evaluate: 401 "token", 429 "rate", then as evaluation.h.
/// - POST /v1/resolve: the same, then as resolution.h.
/// - GET /healthz: 200 while the process serves.
/// Else 404 "not-found" and 405 "method". HEAD is taken where GET is. Thread-safe. Each request becomes one
/// Event "request" with route, status, milliseconds and the name of the problem where there is one, and nothing of who
/// asked.
class Application {
 public:
  /// Everything is borrowed. To end: drain the server, then destroy the pool, then this.
  struct Parts {
    ServedSets& served;
    const Replaceable<protocol::TokenVerifier>& tokens;
    Ledger& ledger;
    WorkerPool& pool;
    RandomSource& random;
    std::function<UnixTime()> clock;
    EventSink events;
    /// Seconds of a clock that nobody can set, for the rate limit.
    std::function<std::uint64_t()> monotonic = monotonic_seconds;
    /// Null: no token is revoked.
    const RevocationList* revoked = nullptr;
  };
  explicit Application(const Parts& parts);

  /// For HttpServer::listen(). Who may ask is decided by the head of a request, before its body is read.
  [[nodiscard]] http::Router router();
  /// For ServerOptions::refused: an event for what never reaches the router, too, of route "other".
  [[nodiscard]] std::function<void(const http::Response&)> refused();

 private:
  [[nodiscard]] std::variant<http::Response, http::TakeBody> route(const http::Request& head);
  /// Who may ask for this, by a token that says so; the refusal when nobody.
  [[nodiscard]] tl::expected<protocol::Access, http::Response> admit(const http::Request& head,
                                                                     bool protocol::TokenScope::*scope);
  [[nodiscard]] http::Response get(const http::Request& request) const;
  [[nodiscard]] http::Response get_object(const http::Request& request, const ServedSet& set,
                                          const std::shared_ptr<const ServedObject>& object) const;

  const Parts parts_;
  Evaluation evaluation_;
  Resolution resolution_;
  RateLimit rate_;
};

}  // namespace blindbook::service
