#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "blindbook/service/http/server.h"
#include "blindbook/service/problem.h"

#include "tests/protocol/in_memory_operator.h"

namespace blindbook::test_support {

/// An InMemoryOperator behind a real HTTP server on loopback, which does as it is told: the place to show
/// what a client makes of a service that is honest, busy, gone or hostile.
class LoopbackService {
 public:
  /// Answers a request in place of the service; nothing: the service answers honestly.
  using Override = std::function<std::optional<service::http::Response>(const service::http::Request&)>;

  explicit LoopbackService(InMemoryOperator& city) : city_(city) {
    announcement_ = city_.announce();
    auto listening = service::http::HttpServer::listen(
        {}, [this](service::http::Request request, const service::http::Respond& respond) {
          respond(answer(request));
        });
    if (!listening) {
      throw std::runtime_error(listening.error().message);
    }
    server_ = std::move(*listening);
  }

  [[nodiscard]] service::http::Endpoint endpoint() const {
    return {.tls = false, .host = "127.0.0.1", .port = server_->port()};
  }
  void set_announcement(Bytes object) {
    const std::scoped_lock lock(mutex_);
    announcement_ = std::move(object);
  }
  /// The same from inside an override, which already holds the service.
  void replace_announcement(Bytes object) { announcement_ = std::move(object); }
  void set_override(Override override) {
    const std::scoped_lock lock(mutex_);
    override_ = std::move(override);
  }
  /// "METHOD path", with " +token" where a token came along, in order.
  [[nodiscard]] std::vector<std::string> seen() const {
    const std::scoped_lock lock(mutex_);
    return seen_;
  }
  /// Bodies of the evaluate requests, in order.
  [[nodiscard]] std::vector<Bytes> evaluations() const {
    const std::scoped_lock lock(mutex_);
    return evaluations_;
  }
  void forget() {
    const std::scoped_lock lock(mutex_);
    seen_.clear();
    evaluations_.clear();
  }

 private:
  service::http::Response answer(const service::http::Request& request) {
    const std::scoped_lock lock(mutex_);
    seen_.push_back(request.method + " " + request.target + (request.authorization ? " +token" : ""));
    if (request.target == "/v1/evaluate") {
      evaluations_.push_back(request.body);
    }
    if (override_) {
      if (auto instead = override_(request)) {
        return std::move(*instead);
      }
    }
    if (request.target == "/v1/announcement") {
      return {.status = 200, .content_type = "application/octet-stream", .body = announcement_};
    }
    if (request.target == "/v1/evaluate") {
      auto body = city_.answer(request.body);
      if (!body) {
        return service::problem_response({400, "request", "refused"});
      }
      return {.status = 200, .content_type = "application/octet-stream", .body = std::move(*body)};
    }
    if (request.target == "/v1/resolve") {
      auto body = city_.resolve(request.body);
      if (!body) {
        return service::problem_response({400, "header", "refused"});
      }
      return {.status = 200, .content_type = "application/octet-stream", .body = std::move(*body)};
    }
    const std::string current =
        "/v1/directory/" + city_.epoch().id.hex() + "/" + std::to_string(city_.epoch().edition.value());
    if (request.target == current) {
      return {.status = 200, .content_type = "application/octet-stream", .body = city_.directory_file()};
    }
    return service::problem_response({404, "not-found", "no such object"});
  }

  InMemoryOperator& city_;
  mutable std::mutex mutex_;
  Bytes announcement_;
  Override override_;
  std::vector<std::string> seen_;
  std::vector<Bytes> evaluations_;
  std::unique_ptr<service::http::HttpServer> server_;  // last: its threads use all of the above
};

}  // namespace blindbook::test_support
