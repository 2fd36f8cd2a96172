#pragma once

// What the connections of one server share. Included by server.cpp alone, as connection.h is.

// Standard headers first: Asio 1.74 uses std::exchange without including <utility>.
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "blindbook/service/http/address_places.h"
#include "blindbook/service/http/message.h"
#include "blindbook/service/http/server.h"
#include "blindbook/service/http/trusted_proxies.h"
#include "blindbook/service/replaceable.h"

namespace blindbook::service::http {

namespace net = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using net::ip::tcp;

/// A connection as others see it that may close it; touched on its loop's thread only.
struct Live {
  beast::tcp_stream* stream;
  bool idle = true;   // no request begun, so nothing is lost by closing
  bool fresh = true;  // none ever begun: the peer is about to send one

  /// True when bytes of a request have come that nobody has read yet.
  [[nodiscard]] bool has_bytes() const {
    error_code error;
    return stream->socket().available(error) > 0;
  }
};

/// One thread with its own io_context, so that no connection needs a lock.
struct Loop {
  std::list<Live>
      live;  // outlives the frames that the context destroys; of the idle ones, those idle for longest first
  net::io_context context{1};
  net::executor_work_guard<net::io_context::executor_type> busy{context.get_executor()};
  net::steady_timer last_call{context};  // of drain()
  std::thread thread;

  /// Closes the connection that has been idle for longest. False when none is.
  bool close_an_idle_one() {
    for (Live& one : live) {
      if (one.idle && one.stream->socket().is_open() && !one.has_bytes()) {
        one.stream->close();
        return true;
      }
    }
    return false;
  }
};

/// Bytes that are held at once, of a limited number.
class HeldBytes {
 public:
  /// A part of them, given back at its end.
  class Part {
   public:
    Part(HeldBytes& from, std::size_t size) : from_(&from), size_(size) {}
    Part(Part&& other) noexcept : from_(std::exchange(other.from_, nullptr)), size_(other.size_) {}
    Part& operator=(Part&& other) noexcept {
      std::swap(from_, other.from_);
      std::swap(size_, other.size_);
      return *this;
    }
    ~Part() {
      if (from_ != nullptr) {
        from_->held_ -= size_;
      }
    }

   private:
    HeldBytes* from_;
    std::size_t size_;
  };

  /// Nothing when `size` more would be more than `limit`.
  [[nodiscard]] std::optional<Part> take(std::size_t size, std::size_t limit) {
    std::size_t held = held_;
    do {
      if (size > limit || held > limit - size) {
        return std::nullopt;
      }
    } while (!held_.compare_exchange_weak(held, held + size));
    return Part(*this, size);
  }

 private:
  std::atomic<std::size_t> held_{0};
};

/// What every connection uses. Shared with their frames, which a slow handler may keep beyond the server's
/// life.
struct State {
  ServerLimits limits;
  bool proxy_protocol = false;
  Router router;
  std::function<void(const Response&)> refused;  // as ServerOptions has it
  Replaceable<TrustedProxies> proxies{TrustedProxies()};
  AddressPlaces places;
  HeldBytes held;
  std::atomic<bool> draining{false};
  std::mutex mutex;
  std::condition_variable fewer;
  std::atomic<std::size_t> connections{0};
  unsigned accepting = 0;                  // who uses the listening socket; guarded by the mutex
  std::shared_ptr<net::ssl::context> tls;  // guarded by the mutex, since it may be replaced; null: plain HTTP

  [[nodiscard]] std::shared_ptr<net::ssl::context> tls_context() {
    const std::scoped_lock lock(mutex);
    return tls;
  }
};

/// Counts a connection while it lives.
class Counted {
 public:
  explicit Counted(std::shared_ptr<State> state) : state_(std::move(state)) { ++state_->connections; }
  Counted(Counted&&) noexcept = default;
  Counted& operator=(Counted&&) = delete;
  ~Counted() {
    if (state_) {
      const std::scoped_lock lock(state_->mutex);
      --state_->connections;
      state_->fewer.notify_all();
    }
  }
  [[nodiscard]] State& state() const noexcept { return *state_; }

 private:
  std::shared_ptr<State> state_;
};

/// Lists a connection with its loop while it lives.
class Listed {
 public:
  Listed(Loop& loop, beast::tcp_stream& stream)
      : loop_(loop), place_(loop.live.insert(loop.live.end(), Live{&stream})) {}
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;
  ~Listed() { loop_.live.erase(place_); }
  [[nodiscard]] Live& live() const noexcept { return *place_; }
  /// A request has begun.
  void begin() noexcept { place_->idle = place_->fresh = false; }
  /// It was answered, and nothing of another has come: idle from now on.
  void end() noexcept {
    place_->idle = true;
    loop_.live.splice(loop_.live.end(), loop_.live, place_);
  }

 private:
  Loop& loop_;
  std::list<Live>::iterator place_;
};

}  // namespace blindbook::service::http
