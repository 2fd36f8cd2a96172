#include <atomic>
#include <string>

#include "tests/service/http/raw_socket.h"
#include "tests/service/http/server_fixture.h"

namespace blindbook::test_support {
namespace {

using http::Request;
using http::Respond;
using http::Response;

TEST_CASE("requests that cannot be framed are refused without the handler") {
  std::atomic<int> handled{0};
  std::atomic<unsigned> told{0};
  http::ServerOptions options;
  options.limits.max_body_bytes = 8;
  options.refused = [&](const Response& out) { told = out.status; };
  const auto server = serve([&](Request, const Respond& respond) { ++handled, respond({}); }, options);
  const auto [request, status] = GENERATE(table<std::string, std::string>({
      {"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n123456789", "413 "},
      {"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "411 "},
      {"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\n\r\n", "411 "},
      {"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Encoding: gzip\r\n\r\nxx",
       "415 "},
      {"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: tea\r\n\r\nxx", "417 "},
      {"GET http://x/v1/announcement HTTP/1.1\r\nHost: x\r\n\r\n", "400 "},
      {"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "400 "},
      {"GET / HTTP/1.1\r\n\r\n", "400 "},
      {"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400 "},
      {"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n", "400 "},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nxxx", "400 "},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "400 "},
      {"GET / HTTP/7.7\r\nHost: x\r\n\r\n", "400 "},
      {"what is this\r\n\r\n", "400 "},
      {"GET / HTTP/1.1\r\nHost: x\r\nBig: " + std::string(9000, 'x') + "\r\n\r\n", "431 "},
      {"GET /" + std::string(40'000, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n", "431 "},
  }));
  const std::string answer = ask(*server, request);
  CHECK(answer.substr(0, 13) == "HTTP/1.1 " + status);
  CHECK(answer.find("application/problem+json") != std::string::npos);
  CHECK(answer.find("Connection: close") != std::string::npos);
  CHECK(handled == 0);
  CHECK(std::to_string(told) + " " == status);
}

TEST_CASE("a refusal reaches a client that is still sending") {
  http::ServerOptions options;
  options.limits.max_body_bytes = 8;
  const auto server = serve(echo, options);
  http::HttpConnection client = connect_plain(*server);
  const auto answer = client.post("/", "text/plain", Bytes(300'000), "");
  REQUIRE(answer.has_value());
  CHECK(answer->status == 413);
}

TEST_CASE("what a router or a handler answers is not told as a refusal") {
  std::atomic<int> told{0};
  http::ServerOptions options;
  options.refused = [&](const Response&) { ++told; };
  const auto server = serve(
      [](Request, const Respond& respond) {
        Response out;
        out.status = 404;
        respond(std::move(out));
      },
      options);
  CHECK(ask(*server, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 404 "));
  CHECK(told == 0);
}

}  // namespace
}  // namespace blindbook::test_support
