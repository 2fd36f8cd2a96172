#include "blindbook/service/http/server.h"

#include <cstring>

#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <sys/resource.h>

#include "blindbook/service/http/connection.h"
#include "blindbook/service/http/resolve.h"
#include "blindbook/service/http/tls_context.h"

namespace blindbook::service::http {

namespace {

// For the ledger, key files, logs and the listening socket itself.
constexpr std::size_t kOtherDescriptors = 128;

/// How many connections this process can hold and still open its files.
std::size_t affordable_connections() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return std::numeric_limits<std::size_t>::max();
  }
  return std::max<std::size_t>(limit.rlim_cur / 2,
                               limit.rlim_cur - std::min(limit.rlim_cur, kOtherDescriptors));
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(const ServerOptions& options, Router router) : state_(std::make_shared<State>()) {
    state_->limits = options.limits;
    state_->limits.max_connections = std::min(options.limits.max_connections, affordable_connections());
    state_->router = std::move(router);
    state_->refused = options.refused;
    state_->proxy_protocol = options.proxy_protocol;
    state_->proxies.replace(options.proxies);
    for (unsigned i = 0; i < std::max(1U, options.threads); ++i) {
      loops_.push_back(std::make_shared<Loop>());
    }
    acceptor_.emplace(loops_.front()->context);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { drain(std::chrono::milliseconds(0)); }

  Result<void> start(const ServerOptions& options) {
    if (options.tls) {
      if (Result<void> used = use_certificate(*options.tls); !used) {
        return used;
      }
    }
    Result<std::vector<SocketAddress>> addresses =
        resolve(options.host, options.port, std::chrono::seconds(10));
    if (!addresses) {
      return failed(addresses);
    }
    tcp::endpoint endpoint;
    std::memcpy(endpoint.data(), &addresses->front().storage, addresses->front().size);
    endpoint.resize(addresses->front().size);
    error_code error;
    acceptor_->open(endpoint.protocol(), error);
    if (!error) {
      acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
    }
    if (!error) {
      acceptor_->bind(endpoint, error);
    }
    if (!error) {
      acceptor_->listen(net::socket_base::max_listen_connections, error);
    }
    if (error) {
      return bad_input("http.listen", "cannot listen on " + options.host + " port " +
                                          std::to_string(options.port) + ": " + error.message());
    }
    port_ = acceptor_->local_endpoint().port();
    state_->accepting = 1;
    net::co_spawn(loops_.front()->context, accept(), net::detached);
    for (const std::shared_ptr<Loop>& loop : loops_) {
      loop->thread = std::thread([raw = loop.get()] { raw->context.run(); });
    }
    return {};
  }

  Result<void> use_certificate(const TlsFiles& files) {
    Result<TlsContext> made = server_tls_context(files.certificate_file, files.key_file);
    if (!made) {
      return failed(made);
    }
    auto context = std::make_shared<net::ssl::context>(made->release());
    const std::scoped_lock lock(state_->mutex);
    state_->tls = std::move(context);
    return {};
  }

  void trust(TrustedProxies proxies) { state_->proxies.replace(std::move(proxies)); }

  bool drain(std::chrono::milliseconds grace) {
    if (state_->draining.exchange(true)) {
      return true;
    }
    if (port_ != 0) {
      const std::scoped_lock lock(state_->mutex);
      ++state_->accepting;
      net::post(loops_.front()->context, [this] { take_backlog(); });
    }
    for (const std::shared_ptr<Loop>& loop : loops_) {
      net::post(loop->context, [raw = loop.get(), last_call = state_->limits.linger] {
        close_idle(*raw, [](const Live& one) { return !one.fresh && !one.has_bytes(); });
        raw->last_call.expires_after(last_call);
        raw->last_call.async_wait([raw](error_code error) {
          if (!error) {
            close_idle(*raw, [](const Live& /*one*/) { return true; });
          }
        });
      });
    }
    std::unique_lock lock(state_->mutex);
    // Without this wait the suspended accept could outlive the loop of the socket it holds.
    state_->fewer.wait(lock, [this] { return state_->accepting == 0; });
    const bool clean = state_->fewer.wait_for(lock, grace, [this] { return state_->connections == 0; });
    lock.unlock();
    for (const std::shared_ptr<Loop>& loop : loops_) {
      loop->context.stop();
      if (loop->thread.joinable()) {
        loop->thread.join();
      }
    }
    acceptor_.reset();
    loops_.clear();
    return clean;
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::size_t connections() const noexcept { return state_->connections; }

 private:
  void begin(const std::shared_ptr<Loop>& loop, tcp::socket socket) {
    net::co_spawn(loop->context, serve(Counted(state_), loop, std::move(socket)), net::detached);
  }

  /// Closes the listening socket, once what the system has accepted for it is taken: closing would cut that off. No more
  /// than it can hold at once, so that those who keep coming keep nobody from ending.
  void take_backlog() {
    error_code error;
    acceptor_->non_blocking(true, error);
    constexpr std::size_t kMost = net::socket_base::max_listen_connections;
    for (std::size_t turn = 0; !error && turn < kMost; ++turn) {
      const std::shared_ptr<Loop>& loop = loops_[turn % loops_.size()];
      tcp::socket socket(loop->context);
      acceptor_->accept(socket, error);
      if (!error) {
        begin(loop, std::move(socket));
      }
    }
    acceptor_->close(error);
    accepts_no_more();
  }

  void accepts_no_more() {
    const std::scoped_lock lock(state_->mutex);
    --state_->accepting;
    state_->fewer.notify_all();
  }

  template <class Which>
  static void close_idle(Loop& loop, Which which) {
    for (const Live& one : loop.live) {
      if (one.idle && one.stream->socket().is_open() && which(one)) {
        one.stream->close();
      }
    }
  }

  net::awaitable<void> accept() {
    net::steady_timer pause(loops_.front()->context);
    for (std::size_t turn = 0; !state_->draining; ++turn) {
      const std::shared_ptr<Loop>& loop = loops_[turn % loops_.size()];
      tcp::socket socket(loop->context);
      error_code error;
      co_await acceptor_->async_accept(socket, into(error));
      if (error && !state_->draining) {
        // Out of descriptors, most likely: wait until some connection ends.
        pause.expires_after(std::chrono::milliseconds(100));
        co_await pause.async_wait(into(error));
      } else if (!error) {
        begin(loop, std::move(socket));
      }
    }
    accepts_no_more();
  }

  std::shared_ptr<State> state_;
  std::vector<std::shared_ptr<Loop>> loops_;
  std::optional<tcp::acceptor> acceptor_;
  std::uint16_t port_ = 0;
};

Result<std::unique_ptr<HttpServer>> HttpServer::listen(const ServerOptions& options, Router router) {
  auto impl = std::make_unique<Impl>(options, std::move(router));
  if (Result<void> started = impl->start(options); !started) {
    return failed(started);
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

Result<std::unique_ptr<HttpServer>> HttpServer::listen(const ServerOptions& options, Handler handler) {
  return listen(
      options, Router([handler = std::move(handler)](Request head) {
        return TakeBody([handler, head = std::move(head)](Bytes body, const Respond& respond) mutable {
          head.body = std::move(body);
          handler(std::move(head), respond);
        });
      }));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;
std::uint16_t HttpServer::port() const noexcept {
  return impl_->port();
}
std::size_t HttpServer::connections() const noexcept {
  return impl_->connections();
}
Result<void> HttpServer::use_certificate(const TlsFiles& files) {
  return impl_->use_certificate(files);
}
void HttpServer::trust(TrustedProxies proxies) {
  impl_->trust(std::move(proxies));
}
bool HttpServer::drain(std::chrono::milliseconds grace) {
  return impl_->drain(grace);
}

}  // namespace blindbook::service::http
