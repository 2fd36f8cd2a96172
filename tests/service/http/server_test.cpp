#include <cstdio>
#include <filesystem>
#include <future>

#include "tests/service/http/raw_socket.h"
#include "tests/service/http/server_fixture.h"

namespace blindbook::test_support {
namespace {

using namespace std::chrono_literals;
using http::Request;
using http::Respond;
using http::Response;

TEST_CASE("a request is answered with a content length") {
  const auto server = serve(echo);
  const std::string answer = ask(*server, "GET /a?b=c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\nDate: "));
  CHECK(answer.find("Content-Length: 11\r\n") != std::string::npos);
  CHECK(answer.find("Connection: close\r\n") != std::string::npos);
  CHECK(answer.ends_with("\r\n\r\nGET /a?b=c "));
}

TEST_CASE("requests sent in one piece are answered in order on one connection") {
  const auto server = serve(echo);
  const std::string answer = ask(*server,
                                 "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
                                 "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwo");
  CHECK(answer.find("POST /1 one") < answer.find("POST /2 two"));
  CHECK(answer.ends_with("POST /2 two"));
}

TEST_CASE("a head request is answered without a body") {
  const auto server = serve(echo);
  const std::string answer = ask(*server, "HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(answer.find("Content-Length: 10\r\n") != std::string::npos);
  CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("a body that is expected to be asked for is asked for") {
  const auto server = serve(echo);
  const RawSocket socket(server->port());
  REQUIRE(socket.send("POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  CHECK(socket.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  REQUIRE(socket.send("hi"));
  socket.half_close();
  CHECK(socket.read_to_end().ends_with("POST /e hi"));
}

TEST_CASE("a body of exactly the limit is taken") {
  http::ServerOptions options;
  options.limits.max_body_bytes = 8;
  const auto server = serve(echo, options);
  CHECK(ask(*server, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n12345678")
            .ends_with("POST / 12345678"));
}

TEST_CASE("a truncated body never reaches the handler") {
  std::atomic<int> handled{0};
  const auto server = serve([&](Request, const Respond& respond) { ++handled, respond({}); });
  CHECK(ask(*server, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this").empty());
  CHECK(handled == 0);
}

TEST_CASE("a peer that takes too long is cut off in every phase") {
  http::ServerOptions options;
  options.limits.head = 50ms;
  options.limits.body = 50ms;
  options.limits.idle = 50ms;
  const auto server = serve(echo, options);
  const auto [sent, answered] = GENERATE(table<std::string, bool>({
      {"", false},
      {"GET / HTT", false},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf", false},
      {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", true},
  }));
  const RawSocket socket(server->port());
  REQUIRE(socket.send(sent));
  CHECK(socket.read_to_end().empty() != answered);  // returns: the server closed, this side never did
}

TEST_CASE("a peer that does not take its answer is cut off") {
  http::ServerOptions options;
  options.limits.write = 50ms;
  const auto server =
      serve([](Request, const Respond& respond) { respond({.body = Bytes(64 << 20)}); }, options);
  const RawSocket socket(server->port());
  REQUIRE(socket.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  REQUIRE(socket.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
  while (server->connections() > 0) {
    std::this_thread::yield();
  }
  CHECK(socket.read_to_end().size() < (64U << 20));
}

TEST_CASE("a silent peer cannot hold up a tls handshake") {
  const TestCertificate certificate("IP:127.0.0.1");
  http::ServerOptions options = with_tls(certificate);
  options.limits.handshake = 50ms;
  const auto server = serve(echo, options);
  const RawSocket socket(server->port());
  CHECK(socket.read_to_end().empty());
}

TEST_CASE("beyond the limit a new connection is closed unless another is idle and gives way") {
  std::promise<Respond> arrived;
  http::ServerOptions options;
  options.limits.max_connections = 2;
  const auto server = serve(
      [&](Request request, const Respond& respond) {
        if (request.target == "/slow") {
          arrived.set_value(respond);
        } else {
          echo(std::move(request), respond);
        }
      },
      options);
  const RawSocket busy(server->port());
  REQUIRE(busy.send("GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  const Respond respond = arrived.get_future().get();
  const RawSocket idle(server->port());
  REQUIRE(idle.send("GET /idle HTTP/1.1\r\nHost: x\r\n\r\n"));
  CHECK(idle.read_until("GET /idle ").ends_with("GET /idle "));

  const RawSocket half(server->port());  // takes the place of the idle one
  CHECK(idle.read_to_end().empty());
  while (server->connections() != 2) {
    std::this_thread::yield();
  }
  REQUIRE(half.send("GET /half HTTP/1.1\r\nHo"));  // from here on it is idle no longer
  CHECK(RawSocket(server->port()).read_to_end().empty());
  REQUIRE(half.send("st: x\r\nConnection: close\r\n\r\n"));
  CHECK(half.read_to_end().ends_with("GET /half "));
  respond({.body = to_bytes("done")});
  CHECK(busy.read_to_end().ends_with("done"));
}

TEST_CASE("answers come from other threads") {
  std::vector<std::thread> threads;
  http::ServerOptions options;
  options.threads = 2;
  {
    const auto server = serve(
        [&](Request request, const Respond& respond) {
          static std::mutex mutex;
          const std::scoped_lock lock(mutex);
          threads.emplace_back([request = std::move(request), respond] { echo(request, respond); });
        },
        options);
    http::HttpConnection one = connect_plain(*server);
    http::HttpConnection two = connect_plain(*server);
    for (int i = 0; i < 20; ++i) {
      const std::string path = "/" + std::to_string(i);
      CHECK(text(one.get(path).value()) == "GET " + path + " ");
      CHECK(text(two.get(path).value()) == "GET " + path + " ");
    }
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST_CASE("only the first answer counts and a forgotten one is 500") {
  const auto server = serve([](Request request, const Respond& respond) {
    if (request.target == "/twice") {
      respond({.status = 200, .body = to_bytes("first")});
      respond({.status = 404, .body = to_bytes("second")});
    } else if (request.target == "/throws") {
      throw std::runtime_error("a fault of the handler");
    }
  });
  http::HttpConnection client = connect_plain(*server);
  CHECK(text(client.get("/twice").value()) == "first");
  CHECK(client.get("/forgotten").value().status == 500);
  CHECK(client.get("/throws").value().status == 500);
}

TEST_CASE("a shared body is sent from its offset and released") {
  auto big = std::make_shared<Bytes>(3'000'000);
  for (std::size_t i = 0; i < big->size(); ++i) {
    (*big)[i] = static_cast<std::uint8_t>(i * 7 + (i >> 8));
  }
  const auto view = std::make_shared<ByteView>(*big);
  const auto server = serve([&](Request, const Respond& respond) {
    respond({.status = 206, .shared_body = view, .offset = 1'000'000});
  });
  http::HttpConnection client = connect_plain(*server, {.max_body_bytes = 4'000'000});
  CHECK(client.get("/").value().body == Bytes(big->begin() + 1'000'000, big->end()));
  REQUIRE(client.get("/").has_value());  // the first answer is done with when the second is
  CHECK(server->drain(10s));
  CHECK(view.use_count() == 1);
}

TEST_CASE("drain lets the request in flight finish and closes idle connections") {
  std::promise<Respond> arrived;
  const auto server = serve([&](Request request, const Respond& respond) {
    if (request.target == "/slow") {
      arrived.set_value(respond);
    } else {
      echo(std::move(request), respond);
    }
  });
  const RawSocket idle(server->port());
  REQUIRE(idle.send("GET /idle HTTP/1.1\r\nHost: x\r\n\r\n"));
  CHECK(idle.read_until("GET /idle ").ends_with("GET /idle "));
  std::optional<RawSocket> busy(std::in_place, server->port());
  REQUIRE(busy->send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"));
  const Respond respond = arrived.get_future().get();

  std::future<bool> drained = std::async(std::launch::async, [&] { return server->drain(60s); });
  CHECK(idle.read_to_end().empty());  // closed while the other still waits
  respond({.body = to_bytes("done")});
  const std::string answer = busy->read_to_end();
  busy.reset();
  CHECK(answer.ends_with("done"));
  CHECK(answer.find("Connection: close") != std::string::npos);
  CHECK(drained.get());
  CHECK_THROWS(RawSocket(server->port()));
}

TEST_CASE("drain cuts off what outlasts the grace and late answers are dropped") {
  std::promise<Respond> arrived;
  auto server = serve([&](Request, const Respond& respond) { arrived.set_value(respond); });
  const RawSocket busy(server->port());
  REQUIRE(busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"));
  Respond respond = arrived.get_future().get();
  CHECK_FALSE(server->drain(0ms));
  server.reset();
  respond({.body = to_bytes("too late")});
  respond = nullptr;
  CHECK(busy.read_to_end().empty());
}

TEST_CASE("drain answers who is about to ask") {
  http::ServerOptions options;
  options.limits.linger = 60s;  // longer than this takes on any machine
  const auto server = serve(echo, options);
  const RawSocket first(server->port());
  while (server->connections() != 1) {
    std::this_thread::yield();
  }
  std::future<bool> drained = std::async(std::launch::async, [&] { return server->drain(120s); });
  for (bool closed = false; !closed;) {  // until nobody is accepted any more
    try {
      const RawSocket late(server->port());
      std::this_thread::sleep_for(1ms);
    } catch (const std::runtime_error&) {
      closed = true;
    }
  }
  REQUIRE(first.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n"));
  const std::string answer = first.read_to_end();
  CHECK(answer.find("Connection: close") != std::string::npos);
  CHECK(answer.ends_with("GET /first "));
  CHECK(drained.get());
}

TEST_CASE("drain waits a moment only for who does not ask") {
  http::ServerOptions options;
  options.limits.linger = 100ms;
  const auto server = serve(echo, options);
  const RawSocket silent(server->port());
  while (server->connections() != 1) {
    std::this_thread::yield();
  }
  CHECK(server->drain(120s));
  CHECK(silent.read_to_end().empty());  // this side never closed
}

TEST_CASE("a drain loses no request of a connection that the system has accepted") {
  // Many at once, so that some still wait to be accepted, and some have sent while they counted as idle.
  http::ServerOptions options;
  options.limits.linger = 50ms;  // for these clients to close, who read only later
  for (int round = 0; round < 5; ++round) {
    const auto server = serve(echo, options);
    std::vector<RawSocket> clients;
    for (int i = 0; i < 100; ++i) {
      clients.emplace_back(server->port());
      REQUIRE(clients.back().send("GET /asked HTTP/1.1\r\nHost: x\r\n\r\n"));
    }
    CHECK(server->drain(60s));
    for (const RawSocket& client : clients) {
      CHECK(client.read_to_end().ends_with("GET /asked "));
    }
  }
}

TEST_CASE("another certificate is used for connections that come after it") {
  const TestCertificate first("IP:127.0.0.1");
  const TestCertificate second("IP:127.0.0.1");
  const auto server = serve(echo, with_tls(first));
  const http::Endpoint endpoint{true, "127.0.0.1", server->port()};
  http::HttpConnection before = connect(endpoint, {.ca_file = first.certificate_file()});
  CHECK(text(before.get("/1").value()) == "GET /1 ");
  CHECK_FALSE(server->use_certificate({first.certificate_file(), second.key_file()}).has_value());
  REQUIRE(server->use_certificate({second.certificate_file(), second.key_file()}).has_value());
  CHECK(text(before.get("/2").value()) == "GET /2 ");  // over the connection that was there
  http::HttpConnection after = connect(endpoint, {.ca_file = second.certificate_file()});
  CHECK(text(after.get("/3").value()) == "GET /3 ");
  CHECK_FALSE(http::HttpConnection::open(endpoint, {.ca_file = first.certificate_file()}, {}).has_value());
}

TEST_CASE("listen refuses an address in use and unusable tls files") {
  const auto server = serve(echo);
  http::ServerOptions options;
  options.port = server->port();
  const auto taken = http::HttpServer::listen(options, echo);
  REQUIRE_FALSE(taken.has_value());
  CHECK(taken.error().rule == "http.listen");
  CHECK(taken.error().fault == Fault::kBadInput);

  const TestCertificate certificate("IP:127.0.0.1");
  const TestCertificate other("IP:127.0.0.1");
  options.port = 0;
  options.tls = http::TlsFiles{certificate.certificate_file(), other.key_file()};
  CHECK(http::HttpServer::listen(options, echo).error().message.find(other.key_file()) != std::string::npos);
  options.tls = http::TlsFiles{certificate.certificate_file() + ".absent", certificate.key_file()};
  CHECK(http::HttpServer::listen(options, echo).error().message.find(".absent") != std::string::npos);
  options.tls = http::TlsFiles{certificate.certificate_file(), certificate.key_file() + ".absent"};
  CHECK(http::HttpServer::listen(options, echo).error().rule == "file.open");
  options.tls = http::TlsFiles{certificate.certificate_file(), certificate.certificate_file()};
  CHECK(http::HttpServer::listen(options, echo).error().rule == "file.access");
}

TEST_CASE("a tls key that everybody may read is refused with the repair") {
  const TestCertificate certificate("IP:127.0.0.1");
  using std::filesystem::perms;
  std::filesystem::permissions(certificate.key_file(), perms::owner_read | perms::group_read);
  CHECK(http::HttpServer::listen(with_tls(certificate), echo).has_value());
  const perms more = GENERATE(perms::others_read, perms::others_write);
  std::filesystem::permissions(certificate.key_file(), more, std::filesystem::perm_options::add);
  const auto refused = http::HttpServer::listen(with_tls(certificate), echo);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().rule == "file.access");
  CHECK(refused.error().hint == "chmod 600 " + certificate.key_file());
}

TEST_CASE("a tls key that is encrypted is refused and no terminal is asked") {
  const TestCertificate certificate("IP:127.0.0.1");
  const std::string path = certificate.key_file();
  FILE* in = std::fopen(path.c_str(), "r");
  EVP_PKEY* key = PEM_read_PrivateKey(in, nullptr, nullptr, nullptr);
  std::fclose(in);
  FILE* out = std::fopen(path.c_str(), "w");
  std::string passphrase = "sesame";
  CHECK(PEM_write_PrivateKey(out, key, EVP_aes_128_cbc(), reinterpret_cast<unsigned char*>(passphrase.data()),
                             static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
  std::fclose(out);
  EVP_PKEY_free(key);
  const auto refused = http::HttpServer::listen(with_tls(certificate), echo);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().rule == "http.listen");
  CHECK(refused.error().message.find(path) != std::string::npos);
}

}  // namespace
}  // namespace blindbook::test_support
