#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/service/http/endpoint.h"
#include "blindbook/service/http/request_head.h"

namespace blindbook::service::http {

/// Whose certificates count.
struct TlsTrust {
  /// PEM file whose certificates replace the system's store.
  std::optional<std::string> ca_file = {};
};

/// What one exchange may cost the caller.
struct ClientLimits {
  std::chrono::milliseconds connect{15'000};  ///< resolving, connecting and the TLS handshake together
  std::chrono::milliseconds idle{30'000};     ///< without one byte moving
  std::chrono::milliseconds total{600'000};   ///< one request and its whole answer
  std::size_t max_body_bytes = std::size_t{2} * 1024 * 1024;  ///< of an answer that is returned
  std::uint64_t max_stream_bytes = 4'294'967'296;             ///< of an answer that goes to a sink
};

/// Continue a download: the bytes from `offset` on, of the object with exactly this entity tag.
struct Resume {
  std::uint64_t offset;
  std::string etag;  ///< strong, with its quotes
};

struct Answer {
  unsigned status = 0;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;
  Bytes body;  ///< empty when a sink took it

  /// The first field of that name, in any case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// Seconds of Retry-After, where it is given in seconds.
  [[nodiscard]] std::optional<std::uint64_t> retry_after() const;
};

/// What one attempt at a request moved: bytes of HTTP before TLS, given to the network and taken from it.
struct Attempt {
  std::uint32_t connection = 0;  ///< over which connection of this object, counted from 1; 0: none was opened
  std::uint64_t head_sent = 0;
  std::uint64_t body_sent = 0;
  std::uint64_t head_received = 0;
  std::uint64_t body_received = 0;
  unsigned status = 0;            ///< of the answer; 0: its head did not arrive
  std::string_view failure = {};  ///< rule of the error that ended it; empty: the answer arrived whole
};

/// Takes the next bytes of a body. An error ends the exchange and is what get() returns.
using ChunkSink = std::function<Result<void>(ByteView)>;

/// One connection to one service, blocking, for one thread at a time. It follows no redirect, keeps no
/// cookie, asks for no compression and uses no proxy. Every error is Unavailable with one clear line:
/// "http.resolve", "http.connect", "http.tls", "http.timeout", "http.truncated" (the connection was cut
/// before the end of the answer), "http.too-long", "http.answer" (this is not HTTP, comes in a coding
/// nobody asked for, or stays an announcement of an answer: more than 8 of status 1xx); BadInput
/// "http.ca-file". After an error, and after an answer that says so, the connection is closed, and the next
/// request opens a new one. A request on a connection that the service closed while it was idle is sent once
/// more: requests must be such that repeating them does no harm.
class HttpConnection {
 public:
  [[nodiscard]] static Result<HttpConnection> open(const Endpoint& endpoint, const TlsTrust& trust,
                                                   const ClientLimits& limits);
  HttpConnection(HttpConnection&&) noexcept;
  HttpConnection& operator=(HttpConnection&&) noexcept;
  ~HttpConnection();

  /// The whole object, small enough for memory.
  [[nodiscard]] Result<Answer> get(const std::string& target);
  /// The body of a 200 goes to `sink` as it arrives; of any other status it is returned. With `resume`, only
  /// a 206 that begins at that offset goes to the sink; a 200 then means that the object is another one by
  /// now, and its body is left unread.
  [[nodiscard]] Result<Answer> get(const std::string& target, const std::optional<Resume>& resume,
                                   const ChunkSink& sink);
  /// `authorization`: the whole field, "Bearer ..."; none when empty.
  [[nodiscard]] Result<Answer> post(const std::string& target, std::string_view content_type, ByteView body,
                                    std::string_view authorization);

  /// The head of the last request, and the attempts at it: one, or two where the first met a connection that
  /// had been closed. Empty before the first request.
  /// @{
  [[nodiscard]] const std::vector<HeadLine>& last_head() const noexcept;
  [[nodiscard]] const std::vector<Attempt>& last_attempts() const noexcept;
  /// @}

 private:
  class Impl;
  explicit HttpConnection(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace blindbook::service::http
