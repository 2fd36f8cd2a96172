// Whose body the server reads, and how many bytes of bodies it holds at once.
#include "tests/service/http/raw_socket.h"
#include "tests/service/http/server_fixture.h"

namespace blindbook::test_support {
namespace {

using http::Request;
using http::Respond;
using http::Response;

/// Takes the body of who has a token, and answers with method, target and body.
std::variant<Response, http::TakeBody> who_has_a_token(Request head) {
  if (!head.authorization) {
    return Response{.status = 401, .body = to_bytes("no token")};
  }
  return [head = std::move(head)](Bytes body, const Respond& respond) mutable {
    head.body = std::move(body);
    echo(std::move(head), respond);
  };
}

std::unique_ptr<http::HttpServer> serve_routed(http::Router router, const http::ServerOptions& options = {}) {
  auto server = http::HttpServer::listen(options, std::move(router));
  REQUIRE(server.has_value());
  return std::move(*server);
}

std::string post(const std::string& fields, std::size_t length) {
  return "POST /p HTTP/1.1\r\nHost: x\r\n" + fields + "Content-Length: " + std::to_string(length) +
         "\r\n\r\n";
}

TEST_CASE("who may not send a body is answered before it comes, and the connection goes on behind it") {
  const auto server = serve_routed(who_has_a_token);
  const RawSocket socket(server->port());
  const std::size_t length = GENERATE(3U, 100'000U);
  REQUIRE(socket.send(post("", length)));
  CHECK(socket.read_until("no token").starts_with("HTTP/1.1 401 "));
  // What looks like a request inside of the body is none.
  const std::string inside = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  REQUIRE(socket.send((inside + std::string(length, 'x')).substr(0, length)));
  REQUIRE(socket.send(post("Authorization: a\r\nConnection: close\r\n", 3) + "abc"));
  const std::string rest = socket.read_to_end();
  CHECK(rest.starts_with("HTTP/1.1 200 "));
  CHECK(rest.ends_with("POST /p abc"));
}

TEST_CASE("who waits to be asked for a body that is refused is told that the connection ends") {
  const auto server = serve_routed(who_has_a_token);
  const RawSocket socket(server->port());
  REQUIRE(socket.send(post("Expect: 100-continue\r\n", 3)));
  const std::string answer = socket.read_until("no token");
  CHECK(answer.starts_with("HTTP/1.1 401 "));
  CHECK(answer.find("Connection: close") != std::string::npos);
}

TEST_CASE("bodies beyond what is held at once are refused unread with the time to come back") {
  http::ServerOptions options;
  options.limits.max_held_bytes = 1'000;
  options.limits.linger = std::chrono::milliseconds(50);
  const auto server = serve_routed(who_has_a_token, options);
  const std::string token = "Authorization: a\r\n";
  const RawSocket first(server->port());
  REQUIRE(first.send(post(token + "Expect: 100-continue\r\n", 900)));
  REQUIRE(first.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");  // its 900 bytes are held
  const RawSocket second(server->port());
  REQUIRE(second.send(post(token, 101)));
  const std::string refused = second.read_until("\r\n\r\n");
  CHECK(refused.starts_with("HTTP/1.1 503 "));
  CHECK(refused.find("Retry-After: 00000005\r\n") != std::string::npos);
  const RawSocket third(server->port());
  REQUIRE(third.send(post(token + "Connection: close\r\n", 100) + std::string(100, 'y')));
  CHECK(third.read_to_end().starts_with("HTTP/1.1 200 "));
  // What was held is free once it is answered, and when its connection ends.
  REQUIRE(first.send(std::string(900, 'z')));
  CHECK(first.read_until("zzz").starts_with("HTTP/1.1 200 "));
  {
    const RawSocket cut(server->port());
    REQUIRE(cut.send(post(token + "Expect: 100-continue\r\n", 900)));
    REQUIRE(cut.read_until("\r\n\r\n").starts_with("HTTP/1.1 100 "));
  }
  std::string last;
  while (!last.starts_with("HTTP/1.1 200 ")) {
    const RawSocket again(server->port());
    REQUIRE(again.send(post(token + "Connection: close\r\n", 1'000) + std::string(1'000, 'x')));
    last = again.read_to_end();
    REQUIRE((last.starts_with("HTTP/1.1 200 ") || last.starts_with("HTTP/1.1 503 ")));
  }
}

TEST_CASE("a body larger than what may ever be held is refused") {
  http::ServerOptions options;
  options.limits.max_held_bytes = 10;
  const auto server = serve_routed(who_has_a_token, options);
  const RawSocket socket(server->port());
  REQUIRE(socket.send(post("Authorization: a\r\n", 11) + "hello world"));
  socket.half_close();
  CHECK(socket.read_to_end().starts_with("HTTP/1.1 503 "));
}

TEST_CASE("a router that throws is 500") {
  const auto server = serve_routed(
      [](const Request&) -> std::variant<Response, http::TakeBody> { throw std::runtime_error("planted"); });
  const RawSocket socket(server->port());
  REQUIRE(socket.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  const std::string answer = socket.read_to_end();
  CHECK(answer.starts_with("HTTP/1.1 500 "));
  CHECK(answer.find("planted") == std::string::npos);
}

}  // namespace
}  // namespace blindbook::test_support
