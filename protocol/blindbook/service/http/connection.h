#pragma once

// One connection of the server. Included by server.cpp alone: Beast takes half a minute and a gigabyte to
// compile.

// Standard headers first: Asio 1.74 uses std::exchange without including <utility>.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "blindbook/service/http/message.h"
#include "blindbook/service/http/read_head.h"
#include "blindbook/service/http/server_state.h"
#include "blindbook/service/http/wire.h"
#include "blindbook/service/problem.h"

namespace blindbook::service::http {

using PlainStream = beast::tcp_stream;
using SecureStream = beast::ssl_stream<beast::tcp_stream>;

// The unit of the write limit: 64 KiB in 30 s is as slow as a reader may be.
inline constexpr std::size_t kWriteSlice = std::size_t{64} * 1024;

/// Completion token of every operation: the error comes back as a value.
inline auto into(error_code& error) {
  return net::redirect_error(net::use_awaitable, error);
}

inline Response refusal(unsigned status) {
  switch (status) {
    case 411:
      return problem_response({411, "length-required", "a body needs a Content-Length"});
    case 413:
      return problem_response({413, "too-large", "the body is longer than any request"});
    case 415:
      return problem_response({415, "content-encoding", "bodies are taken without a content coding"});
    case 417:
      return problem_response({417, "expectation", "only 100-continue can be expected"});
    case 431:
      return problem_response({431, "head-too-large", "the request's head is too long"});
    case 500:
      return problem_response({500, "internal", "the service failed on this request"});
    default:
      return problem_response({400, "malformed", "this is not a request that can be answered"});
  }
}

/// Carries an answer from whichever thread gives it back to the connection's own. Holds the suspended
/// connection, and the loop that the connection's socket belongs to.
template <class Resume>
class Pending {
 public:
  Pending(std::shared_ptr<Loop> loop, Resume resume) : loop_(std::move(loop)), resume_(std::move(resume)) {}
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() { answer(refusal(500)); }

  void answer(Response response) {
    if (!answered_.exchange(true)) {
      // The posted function must not hold the loop, which owns it.
      net::post(loop_->context, [resume = std::move(resume_), response = std::move(response)]() mutable {
        resume(std::move(response));
      });
    }
  }

 private:
  std::shared_ptr<Loop> loop_;
  Resume resume_;  // destroyed before the loop
  std::atomic<bool> answered_{false};
};

struct CallHandler {
  template <class Resume>
  void operator()(Resume resume, State* state, std::shared_ptr<Loop> loop, Request* request) const {
    const auto pending = std::make_shared<Pending<Resume>>(std::move(loop), std::move(resume));
    try {
      state->handler(std::move(*request),
                     [pending](Response response) { pending->answer(std::move(response)); });
    } catch (...) {
      pending->answer(refusal(500));
    }
  }
};

/// What arrived: a whole request, or the answer to one that is refused unread. Neither: the connection is
/// over.
struct Incoming {
  std::optional<Request> request;
  std::optional<Response> refused;
  bool keep_alive = false;
  bool head_only = false;
};

using HeadParser = beast::http::request_parser<beast::http::empty_body>;

inline std::optional<std::string> field(const HeadParser::value_type& head, beast::http::field name) {
  const auto found = head.find(name);
  return found == head.end() ? std::nullopt : std::optional<std::string>(std::string(found->value()));
}

/// The status that refuses a request by its head alone; nothing when its body is to be read.
inline std::optional<unsigned> refused_by_head(const HeadParser& parser, const ServerLimits& limits) {
  using beast::http::field;
  const auto& head = parser.get();
  if (!head.target().starts_with('/') || head.count(field::authorization) > 1 ||
      (head.version() >= 11 && head.count(field::host) != 1)) {
    return 400;
  }
  // The parser takes lengths that agree for one; what stands in front of this may take the first, or none.
  const auto said = head[field::content_length];
  if (head.count(field::content_length) > 1 || said.find(',') != beast::string_view::npos) {
    return 400;
  }
  if (head.count(field::transfer_encoding) > 0) {
    return 411;
  }
  const auto length = parser.content_length();
  using beast::http::verb;
  if (!length &&
      (head.method() == verb::post || head.method() == verb::put || head.method() == verb::patch)) {
    return 411;
  }
  if (head.count(field::content_encoding) > 0) {
    return 415;
  }
  if (length && *length > limits.max_body_bytes) {
    return 413;
  }
  if (head.count(field::expect) > 0 && !beast::iequals(head[field::expect], "100-continue")) {
    return 417;
  }
  return std::nullopt;
}

template <class Stream>
net::awaitable<Incoming> read_request(const ServerLimits& limits, Stream& stream,
                                      beast::flat_buffer& buffer) {
  Incoming out;
  error_code error;
  HeadParser parser;
  // Checked below: the parser would only fail, without a 413. Not boost::none, which Beast 1.74 takes for a
  // limit of 0.
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());
  beast::get_lowest_layer(stream).expires_after(limits.head);
  co_await read_head(stream, buffer, parser, limits.max_head_bytes, error);
  if (error) {
    if (error == beast::http::error::header_limit) {
      out.refused = refusal(431);
    } else if (error.category() == make_error_code(beast::http::error::bad_method).category() &&
               error != beast::http::error::end_of_stream && error != beast::http::error::partial_message) {
      out.refused = refusal(400);
    }
    co_return out;
  }
  const auto& head = parser.get();
  out.head_only = head.method() == beast::http::verb::head;
  if (const std::optional<unsigned> status = refused_by_head(parser, limits)) {
    out.refused = refusal(*status);
    co_return out;
  }
  // The body goes straight to its final place: through the parser it would be copied piece by piece.
  Request request;
  request.body.resize(static_cast<std::size_t>(parser.content_length().value_or(0)));
  const std::size_t present = std::min(request.body.size(), buffer.size());
  std::copy_n(static_cast<const std::uint8_t*>(buffer.data().data()), present, request.body.begin());
  buffer.consume(present);
  if (present < request.body.size()) {
    beast::get_lowest_layer(stream).expires_after(limits.body);
    // HTTP/1.0 knows no 100, and would take it for the answer (RFC 9110 section 10.1.1).
    if (head.version() >= 11 && head.count(beast::http::field::expect) > 0) {
      co_await net::async_write(stream, net::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n")),
                                into(error));
    }
    if (!error) {
      co_await net::async_read(stream, net::buffer(request.body) + present, into(error));
    }
    if (error) {
      co_return out;
    }
  }
  request.method = std::string(head.method_string());
  request.target = std::string(head.target());
  request.authorization = field(head, beast::http::field::authorization);
  request.content_type = field(head, beast::http::field::content_type);
  request.range = field(head, beast::http::field::range);
  request.if_range = field(head, beast::http::field::if_range);
  out.keep_alive = parser.keep_alive();
  out.request = std::move(request);
  co_return out;
}

inline UnixTime clock_now() {
  return UnixTime(static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count()));
}

template <class Stream>
net::awaitable<error_code> write_response(const ServerLimits& limits, Stream& stream,
                                          const Response& response, bool head_only, bool keep_alive) {
  error_code error;
  const std::string head = response_head(response, clock_now(), keep_alive);
  ByteView rest = head_only ? ByteView() : response.payload();
  // Never an empty buffer: ssl_stream of Beast 1.74 takes one at the front for the end of the sequence.
  std::vector<net::const_buffer> buffers{net::buffer(head)};
  do {
    const ByteView slice = rest.first(std::min(kWriteSlice, rest.size()));
    rest = rest.subspan(slice.size());
    if (!slice.empty()) {
      buffers.emplace_back(slice.data(), slice.size());
    }
    beast::get_lowest_layer(stream).expires_after(limits.write);
    co_await net::async_write(stream, buffers, into(error));
    buffers.clear();
  } while (!error && !rest.empty());
  co_return error;
}

/// Reads and forgets what a peer still sends, until it closes or its time is up: closing on unread bytes
/// would make the system send a reset, which can overtake the answer.
template <class Stream>
net::awaitable<void> discard(Stream& stream) {
  error_code error;
  std::array<std::uint8_t, 4096> sink{};
  while (!error) {
    co_await stream.async_read_some(net::buffer(sink), into(error));
  }
}

inline net::awaitable<void> finish(PlainStream& stream, bool /*unread*/) {
  error_code error;
  stream.socket().shutdown(tcp::socket::shutdown_send, error);
  co_await discard(stream);
}

inline net::awaitable<void> finish(SecureStream& stream, bool unread) {
  error_code error;
  if (unread) {
    co_await discard(stream);  // before close_notify, after which the library reads no more data
  }
  co_await stream.async_shutdown(into(error));
}

/// One connection from its first request to its end.
template <class Stream>
net::awaitable<void> converse(State& state, std::weak_ptr<Loop> loop, Live& live, Stream& stream) {
  const ServerLimits& limits = state.limits;
  beast::tcp_stream& transport = beast::get_lowest_layer(stream);
  beast::flat_buffer buffer(2 * limits.max_head_bytes);
  buffer.reserve(limits.max_head_bytes);  // a fresh flat_buffer reads 512 bytes at a time
  transport.expires_after(limits.head);
  while (!state.draining) {
    error_code error;
    if (buffer.size() == 0) {
      const std::size_t size =
          co_await stream.async_read_some(buffer.prepare(limits.max_head_bytes), into(error));
      if (error) {
        break;
      }
      buffer.commit(size);
    }
    live.idle = false;
    Incoming incoming = co_await read_request(limits, stream, buffer);
    Response response;
    if (incoming.request) {
      transport.expires_never();
      response = co_await net::async_initiate<const net::use_awaitable_t<>, void(Response)>(
          CallHandler(), net::use_awaitable, &state, loop.lock(), &*incoming.request);
    } else if (incoming.refused) {
      response = std::move(*incoming.refused);
    } else {
      break;
    }
    const bool keep_alive = incoming.keep_alive && !state.draining;
    if (co_await write_response(limits, stream, response, incoming.head_only, keep_alive)) {
      break;
    }
    if (!keep_alive) {
      transport.expires_after(limits.linger);
      co_await finish(stream, !incoming.request.has_value());
      break;
    }
    live.idle = buffer.size() == 0;
    transport.expires_after(limits.idle);
  }
}

inline net::awaitable<void> serve(Counted counted, std::weak_ptr<Loop> loop, tcp::socket socket) {
  State& state = counted.state();
  error_code error;
  socket.set_option(tcp::no_delay(true), error);
  try {
    if (!state.tls) {
      PlainStream stream(std::move(socket));
      const Listed listed(*loop.lock(), stream);
      co_await converse(state, loop, listed.live(), stream);
      co_return;
    }
    SecureStream stream(std::move(socket), *state.tls);
    const Listed listed(*loop.lock(), beast::get_lowest_layer(stream));
    beast::get_lowest_layer(stream).expires_after(state.limits.handshake);
    co_await stream.async_handshake(net::ssl::stream_base::server, into(error));
    if (!error) {
      co_await converse(state, loop, listed.live(), stream);
    }
  } catch (const std::exception&) {
    // Out of memory, or the descriptor is gone: this connection ends, the others go on.
    co_return;
  }
}

}  // namespace blindbook::service::http
