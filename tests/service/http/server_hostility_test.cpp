// What the server makes of requests that no honest client sends: ambiguous, endless, slow, cut.
#include <future>

#include "tests/service/http/raw_socket.h"
#include "tests/service/http/server_fixture.h"

namespace blindbook::test_support {
namespace {

using namespace std::chrono_literals;
using http::Request;
using http::Respond;

/// Counts what reaches the handler, which answers with method, target and body.
class CountingServer {
 public:
  explicit CountingServer(const http::ServerOptions& options = {})
      : server_(serve(
            [this](Request request, const Respond& respond) {
              ++handled_;
              echo(std::move(request), respond);
            },
            options)) {}

  /// All that comes back to `request`, after which this side sends nothing more.
  [[nodiscard]] std::string ask(const std::string& request) const {
    const RawSocket socket(server_->port());
    REQUIRE(socket.send(request));
    socket.half_close();
    return socket.read_to_end();
  }
  [[nodiscard]] int handled() const noexcept { return handled_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return server_->port(); }
  [[nodiscard]] std::size_t connections() const noexcept { return server_->connections(); }

 private:
  std::atomic<int> handled_{0};
  std::unique_ptr<http::HttpServer> server_;
};

std::string post(const std::string& fields, const std::string& body = "") {
  return "POST /v1/evaluate HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body;
}

TEST_CASE("a request that two readers could cut in two ways is refused and ends its connection") {
  const CountingServer server;
  // Behind each stands a second request, which a reader of the other opinion would see.
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  const auto request = GENERATE_REF(values<std::string>({
      post("Content-Length: 0\r\nContent-Length: " + std::to_string(smuggled.size()) + "\r\n"),
      post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"),
      post("Content-Length: 3, 3\r\n", "abc"),
      post("Content-Length: +3\r\n", "abc"),
      post("Content-Length: 0x3\r\n", "abc"),
      post("Content-Length: 3 3\r\n", "abc"),
      post("Content-Length: -3\r\n", "abc"),
      post("Content-Length: \r\n"),
      post("Content-Length: 18446744073709551616\r\n"),
      post("Content-Length : 3\r\n", "abc"),
      post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
      post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
      post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
      post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"),
      post("Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n", "abc"),
      post("Transfer-Encoding: identity\r\nContent-Length: 3\r\n", "abc"),
      post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
      post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"),
      std::string("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
      std::string("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
      // Line ends that some take for one and others do not, and fields that go on in the next line (RFC 9112 sections 2.2, 5.2).
      post("Content-Length: 3\n", "abc"),
      post("X: a\nContent-Length: 3\r\n", "abc"),
      post("X: a\rContent-Length: 3\r\n", "abc"),
      std::string("POST / HTTP/1.1\nHost: x\nContent-Length: 0\n\n"),
      post("Content-Length:\r\n 3\r\n", "abc"),
      post("Content-Length: 1\r\n 3\r\n", "abc"),
      post("X: a\r\n Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
      post(" Content-Length: 3\r\n", "abc"),
      post("\tContent-Length: 3\r\n", "abc"),
      post("Content-Length\t: 3\r\n", "abc"),
      post(std::string("Content-Length: 3\0\r\n", 20), "abc"),
      post("Content-Length: 3;x=1\r\n", "abc"),
      post("Content-Length: 3\r\ncontent-length: 4\r\n", "abc"),
      post("Transfer-Encoding\t: chunked\r\nContent-Length: 3\r\n", "abc"),
      post("Transfer_Encoding: chunked\r\n\r\n"),
      post("Transfer-Encoding: \x0b"
           "chunked\r\nContent-Length: 3\r\n",
           "abc"),
  }));
  INFO(request);
  const std::string answer = server.ask(request + smuggled);
  const std::string status = answer.substr(0, 13);
  CHECK((status == "HTTP/1.1 400 " || status == "HTTP/1.1 411 "));
  CHECK(answer.find("application/problem+json") != std::string::npos);
  CHECK(answer.find("HTTP/1.1", 1) == std::string::npos);
  CHECK(server.handled() == 0);
}

TEST_CASE("a body over the limit is refused unread however long it says it is") {
  http::ServerOptions options;
  options.limits.max_body_bytes = 8;
  const CountingServer server(options);
  const auto* length = GENERATE("9", "4294967296", "9223372036854775808", "18446744073709551615");
  CHECK(server.ask(post("Content-Length: " + std::string(length) + "\r\n")).starts_with("HTTP/1.1 413 "));
  CHECK(server.ask("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::string(length) + "\r\n\r\n")
            .starts_with("HTTP/1.1 413 "));
  CHECK(server.handled() == 0);
}

TEST_CASE("a compressed body is refused unread") {
  const CountingServer server;
  const auto* coding = GENERATE("gzip", "deflate", "br", "identity", "");
  CHECK(server.ask(post("Content-Length: 3\r\nContent-Encoding: " + std::string(coding) + "\r\n", "abc"))
            .starts_with("HTTP/1.1 415 "));
  CHECK(server.handled() == 0);
}

TEST_CASE("compression that a client offers is not used") {
  const CountingServer server;
  const std::string answer =
      server.ask("GET /plain HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, br\r\nTE: gzip\r\n\r\n");
  CHECK(answer.starts_with("HTTP/1.1 200 "));
  CHECK(answer.find("ncoding:") == std::string::npos);
  CHECK(answer.ends_with("GET /plain "));
}

TEST_CASE("a target that is no path of this server is refused") {
  const CountingServer server;
  const auto request = GENERATE(values<std::string>({
      "GET http://x/v1/announcement HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET https://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET x/v1/announcement HTTP/1.1\r\nHost: x\r\n\r\n",
      "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET  HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
      std::string("GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n", 30),
      "GET /a\tb HTTP/1.1\r\nHost: x\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
      "GET /\r\n\r\n",
      std::string("GET / HTTP/1.1\r\nHost: x\r\nNul: a\0b\r\n\r\n", 37),
      "GET / HTTP/1.1\r\nHost: x\r\nBare: a\rb\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\n: no name\r\n\r\n",
  }));
  INFO(request);
  CHECK(server.ask(request).starts_with("HTTP/1.1 400 "));
  CHECK(server.handled() == 0);
}

TEST_CASE("a head is limited whether it is one long field or many short ones") {
  const CountingServer server;
  std::string fields;
  for (int i = 0; i < 2'000; ++i) {
    fields += "a:b\r\n";
  }
  CHECK(server.ask("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n").starts_with("HTTP/1.1 431 "));
  CHECK(server.ask("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(8'192, 'x') + "\r\n\r\n")
            .starts_with("HTTP/1.1 431 "));
  CHECK(server.handled() == 0);
  CHECK(server.ask("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(7'000, 'x') + "\r\n\r\n")
            .starts_with("HTTP/1.1 200 "));
}

TEST_CASE("a head that never ends is cut off at its limit however it is cut into fields and pieces") {
  http::ServerOptions options;
  options.limits.linger = 50ms;
  const CountingServer server(options);
  const std::size_t length = GENERATE(5U, 1'000U);
  const std::string piece = "a:" + std::string(length - 4, 'b') + "\r\n";
  const RawSocket socket(server.port());
  REQUIRE(socket.send("GET / HTTP/1.1\r\n"));
  std::future<std::string> answer = std::async(std::launch::async, [&] { return socket.read_to_end(); });
  while (answer.wait_for(0ms) != std::future_status::ready && socket.send(piece)) {
  }
  CHECK(answer.get().starts_with("HTTP/1.1 431 "));
  CHECK(server.handled() == 0);
}

TEST_CASE("a request may come byte by byte within its time") {
  const CountingServer server;
  const RawSocket socket(server.port());
  for (const char one : post("Content-Length: 3\r\n", "abc")) {
    REQUIRE(socket.send(std::string(1, one)));
  }
  socket.half_close();
  CHECK(socket.read_to_end().ends_with("POST /v1/evaluate abc"));
}

TEST_CASE("bytes that keep coming do not prolong a head or a body") {
  http::ServerOptions options;
  options.limits.head = 50ms;
  options.limits.body = 50ms;
  const CountingServer server(options);
  const auto begin = GENERATE(values<std::string>({
      "GET / HTTP/1.1\r\nX: ",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n",
  }));
  const RawSocket socket(server.port());
  REQUIRE(socket.send(begin));
  std::future<std::string> answer = std::async(std::launch::async, [&] { return socket.read_to_end(); });
  // One byte at a time until the server has closed; a limit that each byte renews would never come.
  while (answer.wait_for(1ms) != std::future_status::ready && socket.send("x")) {
  }
  CHECK(answer.get().empty());
  CHECK(server.handled() == 0);
}

TEST_CASE("a client that has said all it had to say is answered") {
  const CountingServer server;
  CHECK(server.ask("GET /half HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("GET /half "));
  CHECK(server.ask(post("Content-Length: 3\r\n", "abc")).ends_with("POST /v1/evaluate abc"));
}

TEST_CASE("a request that ends in its middle never reaches the handler") {
  const CountingServer server;
  const std::string whole = post("Content-Length: 3\r\n", "abc");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK(server.ask(whole.substr(0, size)).empty());
  }
  CHECK(server.handled() == 0);
}

TEST_CASE("a half of a second request does not spoil the first") {
  const CountingServer server;
  const std::string answer = server.ask("GET /whole HTTP/1.1\r\nHost: x\r\n\r\nGET /half HTTP/1.1\r\nHo");
  CHECK(answer.ends_with("GET /whole "));
  CHECK(server.handled() == 1);
}

TEST_CASE("many requests in one piece are answered one by one in order") {
  const CountingServer server;
  std::string requests;
  for (int i = 0; i < 100; ++i) {
    requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  const std::string answers = server.ask(requests);
  std::size_t at = 0;
  for (int i = 0; i < 100; ++i) {
    at = answers.find("GET /" + std::to_string(i) + " ", at);
    REQUIRE(at != std::string::npos);
  }
  CHECK(server.handled() == 100);
}

TEST_CASE("what stands behind a refused request is not read as one") {
  const CountingServer server;
  const std::string answer =
      server.ask("GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(answer.starts_with("HTTP/1.1 400 "));
  CHECK(answer.find("HTTP/1.1", 1) == std::string::npos);
  CHECK(server.handled() == 0);
}

TEST_CASE("http 1 0 is answered once and not asked to go on") {
  const CountingServer server;
  const RawSocket socket(server.port());
  REQUIRE(socket.send("POST /old HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
  REQUIRE(socket.send("abc"));
  const std::string answer = socket.read_to_end();  // this side never closed
  CHECK(answer.starts_with("HTTP/1.1 200 "));
  CHECK(answer.find("Connection: close\r\n") != std::string::npos);
  CHECK(answer.ends_with("POST /old abc"));
}

TEST_CASE("a body that is too long is not asked for") {
  http::ServerOptions options;
  options.limits.max_body_bytes = 8;
  const CountingServer server(options);
  CHECK(server.ask(post("Content-Length: 9\r\nExpect: 100-continue\r\n")).starts_with("HTTP/1.1 413 "));
  CHECK(server.ask(post("Content-Length: 3\r\nExpect: 200-ok\r\n")).starts_with("HTTP/1.1 417 "));
}

TEST_CASE("unknown methods are the handlers to refuse") {
  const CountingServer server;
  for (const std::string method : {"BREW", "TRACE", "OPTIONS", "DELETE"}) {
    CHECK(server.ask(method + " /x HTTP/1.1\r\nHost: x\r\n\r\n").ends_with(method + " /x "));
  }
}

}  // namespace
}  // namespace blindbook::test_support
