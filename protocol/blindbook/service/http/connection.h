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
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "blindbook/service/http/ip_address.h"
#include "blindbook/service/http/message.h"
#include "blindbook/service/http/proxy_header.h"
#include "blindbook/service/http/read_request.h"
#include "blindbook/service/http/server_state.h"
#include "blindbook/service/http/wire.h"

namespace blindbook::service::http {

using PlainStream = beast::tcp_stream;
using SecureStream = beast::ssl_stream<beast::tcp_stream>;

// The unit of the write limit: 64 KiB in 30 s is as slow as a reader may be.
inline constexpr std::size_t kWriteSlice = std::size_t{64} * 1024;

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
  void operator()(Resume resume, std::shared_ptr<Loop> loop, Incoming* incoming) const {
    const auto pending = std::make_shared<Pending<Resume>>(std::move(loop), std::move(resume));
    try {
      incoming->take(std::move(incoming->body),
                     [pending](Response response) { pending->answer(std::move(response)); });
    } catch (...) {
      pending->answer(refusal(500));
    }
  }
};

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

/// Reads and forgets `size` bytes, of which some may be in `buffer`. False when they did not come in time.
template <class Stream>
net::awaitable<bool> pass_over(Stream& stream, beast::flat_buffer& buffer, std::size_t size) {
  error_code error;
  std::array<std::uint8_t, 4096> sink{};
  size -= take_present(buffer, size, nullptr);
  while (size > 0 && !error) {
    size -=
        co_await stream.async_read_some(net::buffer(sink.data(), std::min(size, sink.size())), into(error));
  }
  co_return size == 0;
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
net::awaitable<void> converse(State& state, std::weak_ptr<Loop> loop, std::optional<IpAddress> proxy,
                              Listed& listed, Stream& stream) {
  const ServerLimits& limits = state.limits;
  beast::tcp_stream& transport = beast::get_lowest_layer(stream);
  beast::flat_buffer buffer(2 * limits.max_head_bytes);
  buffer.reserve(limits.max_head_bytes);  // a fresh flat_buffer reads 512 bytes at a time
  transport.expires_after(limits.head);
  while (true) {
    error_code error;
    if (buffer.size() == 0) {
      const std::size_t size =
          co_await stream.async_read_some(buffer.prepare(limits.max_head_bytes), into(error));
      if (error) {
        break;
      }
      buffer.commit(size);
    }
    listed.begin();
    Incoming incoming = co_await read_request(state, proxy, stream, buffer);
    if (incoming.over()) {
      break;
    }
    Response response;
    if (incoming.take) {
      transport.expires_never();
      response = co_await net::async_initiate<const net::use_awaitable_t<>, void(Response)>(
          CallHandler(), net::use_awaitable, loop.lock(), &incoming);
    } else {
      response = std::move(*incoming.answer);
    }
    const bool keep_alive = incoming.keep_alive && !state.draining;
    if (co_await write_response(limits, stream, response, incoming.head_only, keep_alive)) {
      break;
    }
    if (!keep_alive) {
      transport.expires_after(limits.linger);
      co_await finish(stream, !incoming.take);
      break;
    }
    transport.expires_after(limits.body);
    const bool passed = co_await pass_over(stream, buffer, incoming.unread);
    if (!passed) {
      break;
    }
    if (buffer.size() == 0) {
      if (state.draining && !listed.live().has_bytes()) {
        break;
      }
      listed.end();
    }
    transport.expires_after(limits.idle);
  }
}

template <class Stream>
net::awaitable<void> shake_hands(Stream& /*plain*/, const ServerLimits& /*limits*/, error_code& /*error*/) {
  co_return;
}

inline net::awaitable<void> shake_hands(SecureStream& stream, const ServerLimits& limits, error_code& error) {
  beast::get_lowest_layer(stream).expires_after(limits.handshake);
  co_await stream.async_handshake(net::ssl::stream_base::server, into(error));
}

/// A connection that has come, until it ends. `proxy` as in route().
template <class Stream>
net::awaitable<void> live_on(State& state, std::weak_ptr<Loop> loop, std::optional<IpAddress> proxy,
                             Stream& stream) {
  Listed listed(*loop.lock(), beast::get_lowest_layer(stream));
  error_code error;
  co_await shake_hands(stream, state.limits, error);
  if (!error) {
    co_await converse(state, loop, proxy, listed, stream);
  }
}

inline IpAddress address_of(const tcp::endpoint& endpoint) {
  const net::ip::address address = endpoint.address();
  return address.is_v4() ? IpAddress::from_v4(address.to_v4().to_bytes())
                         : IpAddress::from_v6(address.to_v6().to_bytes());
}

/// What a proxy says before the first byte of a connection. Nothing when that is no header, or did not come in time.
inline net::awaitable<std::optional<ProxyHeader>> read_proxy_header(PlainStream& stream,
                                                                    const ServerLimits& limits) {
  std::optional<ProxyHeader> out;
  error_code error;
  std::array<std::uint8_t, kProxyPrefixBytes> prefix{};
  stream.expires_after(limits.head);
  co_await net::async_read(stream, net::buffer(prefix), into(error));
  const std::optional<std::size_t> size = error ? std::nullopt : proxy_rest_bytes(prefix);
  if (size) {
    Bytes rest(*size);
    co_await net::async_read(stream, net::buffer(rest), into(error));
    if (!error) {
      out = parse_proxy_header(prefix, rest);
    }
  }
  co_return out;
}

/// Where a connection comes from.
struct Origin {
  std::optional<AddressPlaces::Place> place;  // of who made it
  std::optional<IpAddress> proxy;  // or a trusted proxy, which says for whom it asks, request by request
};

/// Nothing when the connection is not to be: not from a trusted proxy where it must be, or one too many of its line.
inline net::awaitable<std::optional<Origin>> origin_of(State& state, PlainStream& stream) {
  error_code error;
  const tcp::endpoint endpoint = stream.socket().remote_endpoint(error);
  std::optional<IpAddress> from;
  if (!error) {
    from = address_of(endpoint);
  }
  const std::shared_ptr<const TrustedProxies> proxies = state.proxies.get();
  Origin out;
  if (from && state.proxy_protocol) {
    if (!proxies->contains(*from)) {
      co_return std::nullopt;
    }
    const std::optional<ProxyHeader> header = co_await read_proxy_header(stream, state.limits);
    if (!header) {
      co_return std::nullopt;
    }
    if (!header->source) {
      co_return out;  // the proxy for itself
    }
    from = header->source;
  }
  if (!from) {
    co_return std::nullopt;  // it has gone already
  }
  if (proxies->contains(*from)) {
    out.proxy = from;
    co_return out;
  }
  out.place = state.places.take(*from, state.limits.max_per_line);
  if (!out.place) {
    co_return std::nullopt;
  }
  co_return out;
}

inline net::awaitable<void> serve(Counted counted, std::weak_ptr<Loop> loop, tcp::socket socket) {
  State& state = counted.state();
  error_code error;
  socket.set_option(tcp::no_delay(true), error);
  try {
    if (state.connections > state.limits.max_connections && !loop.lock()->close_an_idle_one()) {
      co_return;
    }
    PlainStream plain(std::move(socket));
    const std::optional<Origin> origin = co_await origin_of(state, plain);
    if (!origin) {
      co_return;
    }
    const std::shared_ptr<net::ssl::context> tls = state.tls_context();
    if (!tls) {
      co_await live_on(state, loop, origin->proxy, plain);
      co_return;
    }
    SecureStream stream(std::move(plain), *tls);
    co_await live_on(state, loop, origin->proxy, stream);
  } catch (const std::exception&) {
    // Out of memory, or the descriptor is gone: this connection ends, the others go on.
    co_return;
  }
}

}  // namespace blindbook::service::http
