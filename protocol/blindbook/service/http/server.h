#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "blindbook/base/error.h"
#include "blindbook/service/http/message.h"
#include "blindbook/service/http/trusted_proxies.h"

namespace blindbook::service::http {

/// What a connection may cost. Each time is for a whole phase, so that a peer that sends one byte at a time
/// gains nothing; a connection whose time is up is closed.
struct ServerLimits {
  std::size_t max_head_bytes = std::size_t{8} * 1024;  ///< request line and fields; more: 431
  /// More: 413, unread. The largest batch of the largest suite.
  std::size_t max_body_bytes = std::size_t{4096} * 33 + 1024;
  /// Or what the limit of open files leaves, where that is less. A further one takes the place of the one that has been
  /// idle for longest, and is closed at once where none is idle.
  std::size_t max_connections = 4096;
  /// Of one line (ip_address.h): connections that it makes itself, or requests at once through proxies that are trusted. A
  /// further connection is closed at once, a further request answered 429 "rate". This machine itself has no limit.
  std::size_t max_per_line = 256;
  /// Bodies of requests, from when they are asked for until the answer is sent, over all connections: 250 of the largest
  /// batch. What would make it more is answered 503 "busy", unread.
  std::size_t max_held_bytes = std::size_t{32} << 20;
  std::chrono::milliseconds handshake{10'000};  ///< TLS
  std::chrono::milliseconds head{10'000};  ///< from a request's first byte, or from the connection's start
  std::chrono::milliseconds body{30'000};
  std::chrono::milliseconds idle{60'000};   ///< between two requests
  std::chrono::milliseconds write{30'000};  ///< each 64 KiB of an answer
  std::chrono::milliseconds linger{2'000};  ///< for the peer to take the last answer and close
};

struct TlsFiles {
  std::string certificate_file;  ///< PEM, the chain from the server's own certificate upwards
  std::string key_file;          ///< PEM, unencrypted; to be read by owner and group at most
};

struct ServerOptions {
  std::string host = "127.0.0.1";  ///< address or name, without brackets
  std::uint16_t port = 0;          ///< 0: a free one
  std::optional<TlsFiles>
      tls;  ///< TLS 1.2 and up; absent: plain HTTP, which the caller limits to is_loopback()
  ServerLimits limits;
  unsigned threads = 1;    ///< for input and output; handlers bring their own
  TrustedProxies proxies;  ///< whose X-Forwarded-For is believed
  /// Told of each answer that no router and no handler gave, from the server's own threads. Must not throw.
  std::function<void(const Response&)> refused;
  /// Connections come from trusted proxies alone, and begin with a header of the PROXY protocol, version 2. Others are
  /// closed.
  bool proxy_protocol = false;
};

/// HTTP/1.1 over TCP or TLS, with one event loop per thread. It checks the framing and answers by itself,
/// each time as problem+json: 400 malformed, 411 a body without Content-Length (chunked bodies are not
/// taken), 413, 415 a Content-Encoding, 417, 431, 503 when too many bodies are held. Answers always carry a
/// Content-Length. Methods may be called from any thread.
class HttpServer {
 public:
  /// Binds and begins to serve. BadInput "http.listen" (address not free or not allowed, certificate or key
  /// not usable), "file.open" and "file.access" of the key, which others than owner and group may not read;
  /// Unavailable "http.resolve".
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> listen(const ServerOptions& options,
                                                                  Router router);
  /// The same, with every body read before `handler` is asked.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> listen(const ServerOptions& options,
                                                                  Handler handler);

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  /// drain() without grace, where that was not called. Answers that handlers still owe are dropped.
  ~HttpServer();

  /// The port bound, also when a free one was asked for.
  [[nodiscard]] std::uint16_t port() const noexcept;
  /// Connections open at present.
  [[nodiscard]] std::size_t connections() const noexcept;

  /// Uses another certificate for the connections that come from now on. For a server with TLS. Errors of
  /// listen(), and the old certificate stays.
  [[nodiscard]] Result<void> use_certificate(const TlsFiles& files);

  /// Believes these proxies from now on, and no others.
  void trust(TrustedProxies proxies);

  /// Stops accepting, but for connections that the system has accepted already; closes idle ones, gives those that have
  /// asked nothing yet the time of `linger` to do so, and lets requests in flight finish (their answers say Connection:
  /// close) for at most `grace`; closes what is left and ends the threads. True when nothing had to be cut
  /// off. Not to be called from a handler.
  bool drain(std::chrono::milliseconds grace);

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace blindbook::service::http
