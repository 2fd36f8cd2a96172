#include "tests/service/http/raw_socket.h"
#include "tests/service/http/server_fixture.h"

namespace blindbook::test_support {
namespace {

using namespace std::chrono_literals;
using http::Answer;
using http::Attempt;
using http::ClientLimits;
using http::Endpoint;
using http::HttpConnection;
using http::Request;
using http::Respond;
using http::Resume;

/// What a client makes of an answer that is exactly `text`.
Result<Answer> answer_to(const std::string& text, const ClientLimits& limits = {}) {
  const RawListener listener;
  std::thread peer([&] { listener.answer_once(text); });
  HttpConnection client = connect({false, "127.0.0.1", listener.port()}, {}, limits);
  Result<Answer> out = client.get("/");
  peer.join();
  return out;
}

std::uint64_t bytes_of_head(const HttpConnection& client) {
  std::uint64_t sum = 0;
  for (const http::HeadLine& line : client.last_head()) {
    sum += line.bytes;
  }
  return sum;
}

TEST_CASE("a post carries its body type and authorization") {
  const auto server = serve([](Request request, const Respond& respond) {
    respond({.status = 429,
             .content_type = "text/plain",
             .headers = {{"Retry-After", "00000060"}},
             .body = to_bytes(*request.content_type + "|" + *request.authorization + "|" +
                              std::string(text_of(request.body)))});
  });
  HttpConnection client = connect_plain(*server);
  const Answer answer = client.post("/v1/evaluate", "application/x", to_bytes("body"), "Bearer abc").value();
  CHECK(answer.status == 429);
  CHECK(answer.content_type == "text/plain");
  CHECK(answer.header("retry-AFTER") == "00000060");
  CHECK(answer.retry_after() == 60);
  CHECK(text(answer) == "application/x|Bearer abc|body");
}

TEST_CASE("a connection is kept and counts head and body of both directions") {
  const auto server = serve(echo);
  HttpConnection client = connect_plain(*server);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    const Answer answer = client.post("/p", "text/plain", Bytes(100'000, 'x'), "").value();
    CHECK(answer.body.size() == 100'008);
    CHECK(server->connections() == 1);
    REQUIRE(client.last_attempts().size() == 1);
    const Attempt& attempt = client.last_attempts().front();
    CHECK(attempt.connection == 1);
    CHECK(attempt.body_sent == 100'000);
    CHECK(attempt.body_received == 100'008);
    CHECK(attempt.head_sent == bytes_of_head(client));
    CHECK((attempt.head_received > 50 && attempt.head_received < 300));
    CHECK(attempt.status == 200);
    CHECK(attempt.failure.empty());
  }
}

TEST_CASE("of credentials the scheme alone is told") {
  const auto server = serve(echo);
  HttpConnection client = connect_plain(*server);
  REQUIRE(client.post("/p", "a/b", to_bytes("x"), "Bearer secret").has_value());
  const std::vector<http::HeadLine>& head = client.last_head();
  CHECK(head.front() == http::HeadLine{"POST /p HTTP/1.1", 18});
  CHECK(head.at(head.size() - 2) == http::HeadLine{"Authorization: Bearer ", 30});
  CHECK(head.back() == http::HeadLine{"", 2});
  CHECK(client.last_attempts().front().head_sent == bytes_of_head(client));
}

TEST_CASE("every byte that arrived is counted wherever the answer was cut") {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
  const std::string whole = head + "0123456789";
  for (const std::size_t cut :
       {std::size_t{1}, std::size_t{20}, head.size() - 1, head.size(), head.size() + 3}) {
    const RawListener listener;
    std::thread peer([&] { listener.answer_once(whole.substr(0, cut)); });
    HttpConnection client = connect({false, "127.0.0.1", listener.port()}, {}, {});
    const auto answer = client.get("/");
    peer.join();
    INFO("cut after " << cut);
    CHECK(answer.error().rule == "http.truncated");
    REQUIRE(client.last_attempts().size() == 1);
    const Attempt& attempt = client.last_attempts().front();
    CHECK(attempt.failure == "http.truncated");
    CHECK(attempt.head_received == std::min(cut, head.size()));
    CHECK(attempt.body_received == cut - std::min(cut, head.size()));
  }
}

TEST_CASE("every byte that arrived is counted where it is no http") {
  const RawListener listener;
  std::thread peer([&] { listener.answer_once("220 mail.example ready\r\n"); });
  HttpConnection client = connect({false, "127.0.0.1", listener.port()}, {}, {});
  CHECK_FALSE(client.get("/").has_value());
  peer.join();
  CHECK(client.last_attempts().front().head_received == 24);
  CHECK(client.last_attempts().front().status == 0);
}

TEST_CASE("a connection that the service closed while idle is replaced") {
  http::ServerOptions options;
  options.limits.idle = 10ms;
  const auto server = serve(echo, options);
  HttpConnection client = connect_plain(*server);
  CHECK(text(client.get("/1").value()) == "GET /1 ");
  while (server->connections() > 0) {
    std::this_thread::yield();
  }
  CHECK(text(client.get("/2").value()) == "GET /2 ");
  // What was sent over the closed connection was sent all the same.
  REQUIRE(client.last_attempts().size() == 2);
  CHECK(client.last_attempts()[0].connection == 1);
  CHECK(client.last_attempts()[0].failure == "http.truncated");
  CHECK(client.last_attempts()[0].head_sent == bytes_of_head(client));
  CHECK(client.last_attempts()[1].connection == 2);
  CHECK(client.last_attempts()[1].head_sent == bytes_of_head(client));
}

TEST_CASE("a body is handed to the sink in pieces") {
  Bytes big(1'000'000);
  for (std::size_t i = 0; i < big.size(); ++i) {
    big[i] = static_cast<std::uint8_t>(i % 251);
  }
  const auto server = serve([&](Request, const Respond& respond) { respond({.body = big}); });
  HttpConnection client = connect_plain(*server);
  Bytes taken;
  std::size_t pieces = 0;
  const Answer answer = client
                            .get("/", std::nullopt,
                                 [&](ByteView chunk) -> Result<void> {
                                   taken.insert(taken.end(), chunk.begin(), chunk.end());
                                   ++pieces;
                                   return {};
                                 })
                            .value();
  CHECK(answer.status == 200);
  CHECK(answer.body.empty());
  CHECK(taken == big);
  CHECK(pieces > 1);
}

TEST_CASE("an error of the sink ends the exchange and is returned") {
  const auto server = serve([](Request, const Respond& respond) { respond({.body = Bytes(1'000'000)}); });
  HttpConnection client = connect_plain(*server);
  const auto refused = client.get("/", std::nullopt, [](ByteView) -> Result<void> {
    return peer_misbehaved("directory.body", "not a directory");
  });
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().rule == "directory.body");
  CHECK(client.get("/").value().body.size() == 1'000'000);  // on a new connection
}

TEST_CASE("only the answer that was asked for goes to the sink") {
  const auto server = serve([](Request request, const Respond& respond) {
    if (request.target == "/same" && request.range == "bytes=4-" && request.if_range == "\"tag\"") {
      respond({.status = 206, .headers = {{"Content-Range", "bytes 4-7/8"}}, .body = to_bytes("rest")});
    } else if (request.target == "/elsewhere") {
      respond({.status = 206, .headers = {{"Content-Range", "bytes 5-7/8"}}, .body = to_bytes("est")});
    } else if (request.target == "/gone") {
      respond({.status = 410, .body = to_bytes("gone")});
    } else {
      respond({.status = 200, .body = to_bytes("another")});
    }
  });
  HttpConnection client = connect_plain(*server);
  std::string taken;
  const http::ChunkSink sink = [&](ByteView chunk) -> Result<void> {
    taken += text_of(chunk);
    return {};
  };
  const Resume resume{4, "\"tag\""};
  CHECK(client.get("/same", resume, sink).value().status == 206);
  CHECK(taken == "rest");
  CHECK(text(client.get("/gone", resume, sink).value()) == "gone");
  CHECK(client.get("/changed", resume, sink).value().status == 200);
  CHECK(client.get("/elsewhere", resume, sink).error().rule == "http.answer");
  CHECK(taken == "rest");
}

TEST_CASE("an answer over the limit is refused") {
  const auto server = serve([](Request, const Respond& respond) { respond({.body = Bytes(5'000)}); });
  HttpConnection client = connect_plain(*server, {.max_body_bytes = 4'999, .max_stream_bytes = 4'999});
  CHECK(client.get("/").error().rule == "http.too-long");
  CHECK(client.get("/", std::nullopt, [](ByteView) -> Result<void> { return {}; }).error().rule ==
        "http.too-long");
}

TEST_CASE("answers that are no answer are told apart") {
  CHECK(answer_to("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort").error().rule == "http.truncated");
  CHECK(answer_to("HTTP/1.1 200 OK\r\nContent-Le").error().rule == "http.truncated");
  CHECK(answer_to("").error().rule == "http.truncated");
  CHECK(answer_to("SSH-2.0-OpenSSH_9.2\r\n\r\n").error().rule == "http.answer");
  CHECK(answer_to("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx").error().rule ==
        "http.answer");
  CHECK(answer_to("HTTP/1.1 200 OK\r\nBig: " + std::string(20'000, 'x') + "\r\n\r\n").error().rule ==
        "http.too-long");
  CHECK(answer_to("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n0\r\n\r\n",
                  {.max_body_bytes = 8})
            .error()
            .rule == "http.too-long");
}

TEST_CASE("a chunked answer of a proxy is understood") {
  CHECK(
      text(answer_to("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
               .value()) == "abcde");
}

TEST_CASE("a redirect is an answer and is not followed") {
  const Answer answer =
      answer_to("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n").value();
  CHECK(answer.status == 302);
}

TEST_CASE("a service that stops answering is given up") {
  std::vector<Respond> kept;
  std::mutex mutex;
  const auto server = serve([&](Request, const Respond& respond) {
    const std::scoped_lock lock(mutex);
    kept.push_back(respond);
  });
  HttpConnection idle = connect_plain(*server, {.idle = 50ms});
  CHECK(idle.get("/").error().rule == "http.timeout");
  HttpConnection total = connect_plain(*server, {.total = 50ms});
  CHECK(total.get("/").error().rule == "http.timeout");
}

TEST_CASE("a connection that cannot be made says why") {
  const Result<HttpConnection> refused = HttpConnection::open({false, "127.0.0.1", 1}, {}, {});
  CHECK(refused.error().rule == "http.connect");
  CHECK(refused.error().message.find("127.0.0.1:1: Connection refused") != std::string::npos);
  const Result<HttpConnection> unknown =
      HttpConnection::open({false, "host.invalid", 80}, {}, {.connect = 30s});
  CHECK(unknown.error().rule == "http.resolve");
  CHECK(unknown.error().message.find("host.invalid") != std::string::npos);
}

TEST_CASE("tls verifies address and name of the service") {
  const TestCertificate certificate("DNS:localhost,IP:127.0.0.1");
  const auto server = serve(echo, with_tls(certificate));
  for (const char* host : {"127.0.0.1", "localhost"}) {
    HttpConnection client = connect({true, host, server->port()}, {certificate.certificate_file()});
    CHECK(text(client.get("/x").value()) == "GET /x ");
    CHECK(text(client.get("/y").value()) == "GET /y ");
    CHECK(server->connections() >= 1);
  }
}

TEST_CASE("tls carries large bodies both ways and counts them in clear") {
  const TestCertificate certificate("IP:127.0.0.1");
  const auto server = serve(echo, with_tls(certificate));
  HttpConnection client = connect({true, "127.0.0.1", server->port()}, {certificate.certificate_file()});
  const Bytes body(130'000, 'b');
  CHECK(client.post("/", "x/y", body, "").value().body.size() == body.size() + 7);
  CHECK(client.last_attempts().front().head_sent == bytes_of_head(client));
  CHECK(client.last_attempts().front().body_sent == body.size());
  CHECK(client.last_attempts().front().body_received == body.size() + 7);
}

TEST_CASE("tls refuses a refused body without losing the answer") {
  const TestCertificate certificate("IP:127.0.0.1");
  http::ServerOptions options = with_tls(certificate);
  options.limits.max_body_bytes = 8;
  const auto server = serve(echo, options);
  HttpConnection client = connect({true, "127.0.0.1", server->port()}, {certificate.certificate_file()});
  CHECK(client.post("/", "x/y", Bytes(300'000), "").value().status == 413);
}

TEST_CASE("a certificate that is not trusted is named with a hint") {
  const TestCertificate certificate("IP:127.0.0.1");
  const TestCertificate other("IP:127.0.0.1");
  const auto server = serve(echo, with_tls(certificate));
  const Endpoint endpoint{true, "127.0.0.1", server->port()};
  for (const http::TlsTrust& trust : {http::TlsTrust{}, http::TlsTrust{other.certificate_file()}}) {
    const Result<HttpConnection> refused = HttpConnection::open(endpoint, trust, {});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().rule == "http.tls");
    CHECK(refused.error().message.starts_with("the certificate of " + endpoint.authority() +
                                              " is not trusted: "));
    CHECK(refused.error().hint.find("--ca-file") != std::string::npos);
  }
}

TEST_CASE("a certificate for another host is refused") {
  const TestCertificate certificate("DNS:city.example,IP:127.0.0.2");
  const auto server = serve(echo, with_tls(certificate));
  for (const char* host : {"127.0.0.1", "localhost"}) {
    const Result<HttpConnection> refused =
        HttpConnection::open({true, host, server->port()}, {certificate.certificate_file()}, {});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().rule == "http.tls");
    CHECK(refused.error().message.find("is for another name") != std::string::npos);
  }
}

TEST_CASE("plain http and tls that meet say so") {
  const auto plain = serve(echo);
  const Result<HttpConnection> refused = HttpConnection::open({true, "127.0.0.1", plain->port()}, {}, {});
  CHECK(refused.error().rule == "http.tls");
  CHECK(refused.error().message.find("does not speak TLS") != std::string::npos);
}

TEST_CASE("a ca file without certificates is bad input") {
  const TestCertificate certificate("IP:127.0.0.1");
  const Result<HttpConnection> refused =
      HttpConnection::open({true, "127.0.0.1", 1}, {certificate.key_file()}, {});
  CHECK(refused.error().rule == "http.ca-file");
  CHECK(refused.error().fault == Fault::kBadInput);
}

}  // namespace
}  // namespace blindbook::test_support
