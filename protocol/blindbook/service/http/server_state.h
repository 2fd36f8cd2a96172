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
#include <boost/beast/core/tcp_stream.hpp>

#include "blindbook/service/http/message.h"
#include "blindbook/service/http/server.h"

namespace blindbook::service::http {

namespace net = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using net::ip::tcp;

/// A connection as drain() sees it; touched on its loop's thread only.
struct Live {
  beast::tcp_stream* stream;
  bool idle;  // no request begun, so nothing is lost by closing
};

/// One thread with its own io_context, so that no connection needs a lock.
struct Loop {
  std::list<Live> live;  // outlives the frames that the context destroys
  net::io_context context{1};
  net::executor_work_guard<net::io_context::executor_type> busy{context.get_executor()};
  std::thread thread;
};

/// What every connection uses. Shared with their frames, which a slow handler may keep beyond the server's
/// life.
struct State {
  ServerLimits limits;
  Handler handler;
  std::optional<net::ssl::context> tls;
  std::atomic<bool> draining{false};
  std::mutex mutex;
  std::condition_variable fewer;
  std::atomic<std::size_t> connections{0};
  bool accepting = false;  // guarded by the mutex
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
      : loop_(loop), place_(loop.live.insert(loop.live.end(), Live{&stream, true})) {}
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;
  ~Listed() { loop_.live.erase(place_); }
  [[nodiscard]] Live& live() const noexcept { return *place_; }

 private:
  Loop& loop_;
  std::list<Live>::iterator place_;
};

}  // namespace blindbook::service::http
