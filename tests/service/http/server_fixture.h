#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/service/http/client.h"
#include "blindbook/service/http/server.h"

#include "tests/service/http/raw_socket.h"
#include "tests/support/test_certificate.h"

namespace blindbook::test_support {

namespace http = service::http;

inline Bytes to_bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

/// Answers with method, target and body of the request.
inline void echo(http::Request request, const http::Respond& respond) {
  http::Response out;
  out.content_type = "text/plain";
  out.body = to_bytes(request.method + " " + request.target + " ");
  out.body.insert(out.body.end(), request.body.begin(), request.body.end());
  respond(std::move(out));
}

inline std::unique_ptr<http::HttpServer> serve(http::Handler handler, http::ServerOptions options = {}) {
  auto server = http::HttpServer::listen(options, std::move(handler));
  REQUIRE(server.has_value());
  return std::move(*server);
}

/// Everything that the server says to `request` until it closes.
inline std::string ask(const http::HttpServer& server, const std::string& request) {
  const RawSocket socket(server.port());
  REQUIRE(socket.send(request));
  socket.half_close();
  return socket.read_to_end();
}

inline http::ServerOptions with_tls(const TestCertificate& certificate) {
  http::ServerOptions options;
  options.tls = http::TlsFiles{certificate.certificate_file(), certificate.key_file()};
  return options;
}

inline http::HttpConnection connect(const http::Endpoint& endpoint, const http::TlsTrust& trust = {},
                                    const http::ClientLimits& limits = {}) {
  auto connection = http::HttpConnection::open(endpoint, trust, limits);
  if (!connection) {
    FAIL(connection.error().message);
  }
  return std::move(*connection);
}

inline http::HttpConnection connect_plain(const http::HttpServer& server,
                                          const http::ClientLimits& limits = {}) {
  return connect({false, "127.0.0.1", server.port()}, {}, limits);
}

inline std::string text(const http::Answer& answer) {
  return std::string(text_of(answer.body));
}

}  // namespace blindbook::test_support
