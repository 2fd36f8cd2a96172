#include "blindbook/service/application.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "blindbook/protocol/log_segment.h"
#include "blindbook/service/http/range.h"
#include "blindbook/service/problem.h"

namespace blindbook::service {
namespace {

constexpr std::uint32_t kHour = 3600;
constexpr std::string_view kBinary = "application/octet-stream";

http::Response not_found() {
  return problem_response({404, "not-found", "there is nothing here"});
}

http::Response wrong_method(std::string_view allowed) {
  http::Response out = problem_response({405, "method", "this path is not asked in that way"});
  out.headers.emplace_back("Allow", allowed);
  return out;
}

http::Response no_access(std::string detail) {
  http::Response out = problem_response({401, "token", "an access token is needed", std::move(detail)});
  out.headers.emplace_back("WWW-Authenticate", "Bearer");
  return out;
}

/// The token of "Bearer <token>"; the scheme is compared without case (RFC 9110 section 11.1).
std::optional<std::string_view> bearer_token(const std::optional<std::string>& authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (!authorization || authorization->size() <= kScheme.size() ||
      !std::equal(kScheme.begin(), kScheme.end(), authorization->begin(), [](char expected, char c) {
        return expected == (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
      })) {
    return std::nullopt;
  }
  return std::string_view(*authorization).substr(kScheme.size());
}

/// N of "/v1/log?from=N", written as numbers are.
std::optional<std::uint64_t> log_begin(std::string_view target) {
  constexpr std::string_view kPath = "/v1/log?from=";
  if (!target.starts_with(kPath)) {
    return std::nullopt;
  }
  const std::string_view digits = target.substr(kPath.size());
  std::uint64_t seq = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seq);
  return error == std::errc() && protocol::log_path(seq) == target ? std::optional(seq) : std::nullopt;
}

/// What a log calls the path: one of few words, since a path itself may hold anything.
std::string route_of(std::string_view target) {
  for (const std::string_view route : {"/v1/announcement", "/v1/evaluate", "/v1/resolve", "/healthz"}) {
    if (target == route) {
      return std::string(route);
    }
  }
  for (const std::string_view route : {"/v1/directory", "/v1/patch", "/v1/log"}) {
    if (target.starts_with(route)) {
      return std::string(route);
    }
  }
  return "other";
}

/// Tells of a request when it is answered.
struct Told {
  const EventSink* events;
  std::string route;
  std::chrono::steady_clock::time_point begun;

  void operator()(const http::Response& out) const {
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
    Event event{"request",
                {{"route", route},
                 {"status", std::uint64_t{out.status}},
                 {"milliseconds", static_cast<std::uint64_t>(took.count())}}};
    if (!out.problem.empty()) {
      event.fields.emplace_back("problem", out.problem);
    }
    (*events)(event);
  }
};

}  // namespace

Application::Application(const Parts& parts)
    : parts_(parts),
      evaluation_({parts.ledger, parts.pool, parts.random, parts.clock, parts.events}),
      resolution_({parts.ledger, parts.pool, parts.clock, parts.events}),
      rate_(kRequestsPerHour, kHour) {}

http::Router Application::router() {
  return [this](const http::Request& head) { return route(head); };
}

std::function<void(const http::Response&)> Application::refused() {
  return [this](const http::Response& out) {
    Told{&parts_.events, "other", std::chrono::steady_clock::now()}(out);
  };
}

std::variant<http::Response, http::TakeBody> Application::route(const http::Request& head) {
  const Told told{&parts_.events, route_of(head.target), std::chrono::steady_clock::now()};
  const auto at_once = [&told](http::Response out) {
    told(out);
    return out;
  };
  const bool resolves = head.target == "/v1/resolve";
  if (!resolves && head.target != "/v1/evaluate") {
    return at_once(get(head));
  }
  if (head.method != "POST") {
    return at_once(wrong_method("POST"));
  }
  auto access = admit(head, resolves ? &protocol::TokenScope::resolve : &protocol::TokenScope::evaluate);
  if (!access) {
    return at_once(std::move(access.error()));
  }
  return [this, told, resolves, access = std::move(*access)](Bytes body, const http::Respond& respond) {
    const http::Respond logged = [told, respond](http::Response out) {
      told(out);
      respond(std::move(out));
    };
    if (resolves) {
      resolution_.answer(parts_.served.current(), access, body, logged);
    } else {
      evaluation_.answer(parts_.served.current(), access, std::move(body), logged);
    }
  };
}

tl::expected<protocol::Access, http::Response> Application::admit(const http::Request& head,
                                                                  bool protocol::TokenScope::*scope) {
  const std::optional<std::string_view> token = bearer_token(head.authorization);
  if (!token) {
    return tl::unexpected<http::Response>(no_access("Authorization: Bearer is missing"));
  }
  auto access = parts_.tokens.get()->verify(*token, parts_.clock());
  if (!access) {
    return tl::unexpected<http::Response>(no_access(access.error().message));
  }
  if (parts_.revoked != nullptr && parts_.revoked->revokes(*access)) {
    return tl::unexpected<http::Response>(no_access("the token was revoked"));
  }
  if (!(access->scope.*scope)) {
    return tl::unexpected<http::Response>(no_access(scope == &protocol::TokenScope::resolve
                                                        ? "the token is not for resolve"
                                                        : "the token is not for evaluate"));
  }
  if (const std::uint64_t wait = rate_.admit(access->issuer, access->account, parts_.monotonic()); wait > 0) {
    return tl::unexpected<http::Response>(
        problem_response({429, "rate", "too many requests in an hour", {}, wait}));
  }
  return std::move(*access);
}

http::Response Application::get(const http::Request& request) const {
  const std::shared_ptr<const ServedSet> set = parts_.served.current();
  const std::shared_ptr<const ServedObject> object = set->find(request.target);
  const bool announcement = request.target == "/v1/announcement";
  const bool health = request.target == "/healthz";
  const std::optional<std::uint64_t> log_from = log_begin(request.target);
  std::optional<Bytes> log = log_from ? set->log_from(*log_from) : std::nullopt;
  if (!object && !announcement && !health && !log) {
    return not_found();
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return wrong_method("GET, HEAD");
  }
  if (object) {
    return get_object(request, *set, object);
  }
  http::Response out;
  out.headers.emplace_back("Cache-Control", "no-store");
  if (health) {
    out.content_type = "text/plain";
    out.body = {'o', 'k', '\n'};
  } else {
    out.content_type = kBinary;
    out.body = log ? std::move(*log) : set->opened().object;
  }
  return out;
}

http::Response Application::get_object(const http::Request& request, const ServedSet& set,
                                       const std::shared_ptr<const ServedObject>& object) const {
  const UnixTime now = parts_.clock();
  if (now < object->not_before) {
    return not_found();
  }
  if (object->not_after < now) {
    return problem_response(
        {410, "epoch", "the epoch does not live", "the announcement names the epochs that do"});
  }
  const std::uint64_t next = set.announcement().next_publication.value();
  const std::uint64_t age = std::min(protocol::kMaxCacheAge, next - std::min(next, now.value()));
  http::Response out;
  out.content_type = kBinary;
  out.headers.emplace_back("Cache-Control", "public, max-age=" + std::to_string(age) + ", no-transform");
  out.headers.emplace_back("ETag", object->etag);
  out.headers.emplace_back("Accept-Ranges", "bytes");
  out.shared_body = std::shared_ptr<const ByteView>(object, &object->bytes);
  if (const auto offset = http::resume_offset(request, object->etag, object->bytes.size())) {
    out.status = 206;
    out.offset = *offset;
    out.headers.emplace_back("Content-Range", "bytes " + std::to_string(*offset) + "-" +
                                                  std::to_string(object->bytes.size() - 1) + "/" +
                                                  std::to_string(object->bytes.size()));
  }
  return out;
}

}  // namespace blindbook::service
