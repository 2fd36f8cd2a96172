#include "blindbook/service/http/client.h"

// Standard headers first: Asio 1.74 uses std::exchange without including <utility>.
#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

#include "blindbook/service/http/connect.h"
#include "blindbook/service/http/read_head.h"
#include "blindbook/service/http/resolve.h"
#include "blindbook/service/http/tls_context.h"

namespace blindbook::service::http {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Parser = beast::http::response_parser<beast::http::buffer_body>;

constexpr std::size_t kWriteSlice = std::size_t{64} * 1024;
constexpr std::size_t kReadSlice = std::size_t{64} * 1024;
constexpr std::size_t kMaxHeadBytes = std::size_t{16} * 1024;
constexpr int kMaxInterimAnswers = 8;  // RFC 9110 section 15.2 names no bound, so a peer could go on for ever

auto into(error_code& error) {
  return net::redirect_error(net::use_awaitable, error);
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// One request, and what to do with the answer.
struct Exchange {
  RequestHead head;
  ByteView body;
  std::optional<std::uint64_t> resumed_at;
  const ChunkSink* sink;  // null: the body is returned
};

}  // namespace

std::optional<std::string_view> Answer::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [name](const auto& field) {
    return beast::iequals(field.first, beast::string_view(name.data(), name.size()));
  });
  return found == headers.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::optional<std::uint64_t> Answer::retry_after() const {
  const std::optional<std::string_view> text = header("Retry-After");
  return text ? parse_decimal(*text) : std::nullopt;
}

class HttpConnection::Impl {
 public:
  Impl(Endpoint endpoint, const ClientLimits& limits)
      : endpoint_(std::move(endpoint)),
        authority_(endpoint_.authority()),
        limits_(limits),
        buffer_(2 * kReadSlice) {
    buffer_.reserve(kReadSlice);
  }

  Result<void> open(const TlsTrust& trust) {
    if (endpoint_.tls) {
      Result<TlsContext> context = client_tls_context(trust.ca_file);
      if (!context) {
        return failed(context);
      }
      tls_.emplace(context->release());
    }
    return connect();
  }

  Result<Answer> exchange(const Exchange& wanted) {
    deadline_ = Clock::now() + limits_.total;
    const bool reuses = !std::holds_alternative<std::monostate>(stream_) && used_;
    head_lines_ = wanted.head.lines();
    attempts_.clear();
    Result<Answer> out = attempt(wanted);
    // Services close connections that were idle for a while: then nothing comes back, and a new one will do.
    if (!out && reuses && attempts_.back().head_received == 0 && out.error().rule == "http.truncated") {
      return attempt(wanted);
    }
    return out;
  }

  [[nodiscard]] RequestHead request_head(std::string_view method, const std::string& target) const {
    return RequestHead(endpoint_, method, target);
  }

  [[nodiscard]] const std::vector<HeadLine>& head_lines() const noexcept { return head_lines_; }
  [[nodiscard]] const std::vector<Attempt>& attempts() const noexcept { return attempts_; }

 private:
  /// Runs `work` on the calling thread until it ends; every wait in it has a deadline.
  void run(net::awaitable<void> work) {
    std::exception_ptr thrown;
    net::co_spawn(context_, std::move(work),
                  [&thrown](std::exception_ptr error) { thrown = std::move(error); });
    context_.restart();
    context_.run();
    if (thrown) {
      std::rethrow_exception(thrown);
    }
  }

  Result<Answer> attempt(const Exchange& wanted) {
    attempts_.emplace_back();
    Result<Answer> out = exchange_once(wanted);
    if (!out) {
      attempts_.back().failure = out.error().rule;
    }
    return out;
  }

  Result<Answer> exchange_once(const Exchange& wanted) {
    if (std::holds_alternative<std::monostate>(stream_)) {
      if (Result<void> connected = connect(); !connected) {
        return failed(connected);
      }
    }
    Result<Answer> out = Answer();
    attempts_.back().connection = connections_;
    run(std::holds_alternative<PlainStream>(stream_) ? talk(std::get<PlainStream>(stream_), wanted, out)
                                                     : talk(std::get<SecureStream>(stream_), wanted, out));
    used_ = true;
    if (!out || !keep_alive_) {
      // What the parser was given and did not take has arrived all the same.
      Attempt& ended = attempts_.back();
      (ended.status == 0 ? ended.head_received : ended.body_received) += buffer_.size();
      close();
    }
    return out;
  }

  void close() {
    used_ = false;
    stream_.emplace<std::monostate>();
    buffer_.consume(buffer_.size());
  }

  Result<void> connect() {
    const Clock::time_point deadline = Clock::now() + limits_.connect;
    Result<std::vector<SocketAddress>> addresses = resolve(endpoint_.host, endpoint_.port, limits_.connect);
    if (!addresses) {
      return failed(addresses);
    }
    Result<void> out;
    run(connect_first(context_, *addresses, endpoint_, tls_ ? &*tls_ : nullptr, deadline, stream_, out));
    if (!out) {
      close();
    } else {
      ++connections_;
    }
    return out;
  }

  template <class Stream>
  void arm(Stream& stream) {
    beast::get_lowest_layer(stream).expires_at(std::min(Clock::now() + limits_.idle, deadline_));
  }

  Error broken(const error_code& error) const {
    if (error == beast::error::timeout) {
      return {Fault::kUnavailable, "http.timeout", authority_ + " stopped answering", "try again"};
    }
    if (error == beast::http::error::body_limit || error == beast::http::error::header_limit ||
        error == beast::http::error::buffer_overflow) {
      return {Fault::kUnavailable, "http.too-long",
              "the answer of " + authority_ + " is longer than any valid one", ""};
    }
    const bool of_http = error.category() == make_error_code(beast::http::error::bad_version).category();
    if (of_http && error != beast::http::error::end_of_stream &&
        error != beast::http::error::partial_message) {
      return {Fault::kUnavailable, "http.answer", authority_ + " does not answer in HTTP: " + error.message(),
              "check the address and the port"};
    }
    return {Fault::kUnavailable, "http.truncated",
            "the connection to " + authority_ + " was cut before the answer ended", "try again"};
  }

  template <class Stream>
  net::awaitable<void> talk(Stream& stream, const Exchange& wanted, Result<Answer>& out) {
    keep_alive_ = false;
    error_code error;
    co_await send(stream, wanted, error);
    // A service may refuse and close before it has read everything, so a failed write is no reason not to
    // read.
    const bool timed_out = error == beast::error::timeout;
    std::optional<Parser> head;
    if (!timed_out) {
      arm(stream);
      int interim = 0;
      do {
        head.emplace();
        head->body_limit(wanted.sink != nullptr ? limits_.max_stream_bytes : limits_.max_body_bytes);
        attempts_.back().head_received +=
            co_await read_head(stream, buffer_, *head, kMaxHeadBytes, Folds::kTaken, error);
      } while (!error && is_interim(*head) && ++interim <= kMaxInterimAnswers);
    }
    if (error) {
      out = tl::unexpected(broken(error));
      co_return;
    }
    Parser& parser = *head;
    attempts_.back().status = parser.get().result_int();
    if (parser.get().result_int() < 200) {
      // Nothing was asked for that 101 could switch to.
      out = unavailable("http.answer", authority_ + " does not come to an answer");
      co_return;
    }
    if (!has_plain_coding(parser)) {
      out = unavailable("http.answer", authority_ + " answered with a coding that was not asked for",
                        "a proxy in between may alter answers");
      co_return;
    }
    Answer& answer = *out;
    answer.status = parser.get().result_int();
    for (const auto& field : parser.get()) {
      answer.headers.emplace_back(field.name_string(), field.value());
    }
    answer.content_type = std::string(answer.header("Content-Type").value_or(""));
    const bool streams = wanted.sink != nullptr && answer.status == (wanted.resumed_at ? 206U : 200U);
    if (wanted.resumed_at) {
      if (answer.status == 200) {
        co_return;  // another object: its body stays unread, so the connection ends
      }
      const std::string range = "bytes " + std::to_string(*wanted.resumed_at) + "-";
      if (streams && !answer.header("Content-Range").value_or("").starts_with(range)) {
        out = unavailable("http.answer", authority_ + " answered with another part than was asked for");
        co_return;
      }
    }
    co_await receive(stream, parser, streams ? wanted.sink : nullptr, out);
    // What stands behind an answer that nothing was asked for must not be taken for the next one.
    keep_alive_ = parser.keep_alive() && buffer_.size() == 0;
  }

  /// 1xx but 101: the answer is still to come.
  static bool is_interim(const Parser& parser) {
    const unsigned status = parser.get().result_int();
    return status >= 100 && status < 200 && status != 101;
  }

  /// No content coding; no transfer coding but chunked, which the parser undoes.
  static bool has_plain_coding(const Parser& parser) {
    return std::none_of(parser.get().begin(), parser.get().end(), [](const auto& field) {
      return (field.name() == beast::http::field::content_encoding &&
              !beast::iequals(field.value(), "identity")) ||
             (field.name() == beast::http::field::transfer_encoding &&
              !beast::iequals(field.value(), "chunked"));
    });
  }

  template <class Stream>
  net::awaitable<void> send(Stream& stream, const Exchange& wanted, error_code& error) {
    // Never an empty buffer: ssl_stream of Beast 1.74 takes one at the front for the end of the sequence.
    const std::string head = wanted.head.text();
    std::vector<net::const_buffer> buffers{net::buffer(head)};
    Attempt& counted = attempts_.back();
    ByteView rest = wanted.body;
    do {
      const ByteView slice = rest.first(std::min(kWriteSlice, rest.size()));
      rest = rest.subspan(slice.size());
      if (!slice.empty()) {
        buffers.emplace_back(slice.data(), slice.size());
      }
      arm(stream);
      const std::size_t written = co_await net::async_write(stream, buffers, into(error));
      const std::size_t of_head = std::min<std::size_t>(written, head.size() - counted.head_sent);
      counted.head_sent += of_head;
      counted.body_sent += written - of_head;
      buffers.clear();
    } while (!error && !rest.empty());
  }

  template <class Stream>
  net::awaitable<void> receive(Stream& stream, Parser& parser, const ChunkSink* sink, Result<Answer>& out) {
    Bytes chunk(kReadSlice);
    while (!parser.is_done()) {
      error_code error;
      parser.get().body().data = chunk.data();
      parser.get().body().size = chunk.size();
      arm(stream);
      attempts_.back().body_received +=
          co_await beast::http::async_read_some(stream, buffer_, parser, into(error));
      if (error && error != beast::http::error::need_buffer) {
        out = tl::unexpected(broken(error));
        co_return;
      }
      const ByteView arrived = ByteView(chunk).first(chunk.size() - parser.get().body().size);
      if (sink == nullptr) {
        if (arrived.size() > limits_.max_body_bytes - out->body.size()) {
          out = tl::unexpected(broken(beast::http::error::body_limit));
          co_return;
        }
        out->body.insert(out->body.end(), arrived.begin(), arrived.end());
      } else if (!arrived.empty()) {
        if (Result<void> taken = (*sink)(arrived); !taken) {
          out = failed(taken);
          co_return;
        }
      }
    }
  }

  const Endpoint endpoint_;
  const std::string authority_;
  const ClientLimits limits_;
  net::io_context context_{1};
  std::optional<net::ssl::context> tls_;
  ClientStream stream_;
  beast::flat_buffer buffer_;
  Clock::time_point deadline_;
  bool keep_alive_ = false;
  bool used_ = false;              // the open connection has carried an exchange
  std::uint32_t connections_ = 0;  // opened so far
  std::vector<HeadLine> head_lines_;
  std::vector<Attempt> attempts_;
};

Result<HttpConnection> HttpConnection::open(const Endpoint& endpoint, const TlsTrust& trust,
                                            const ClientLimits& limits) {
  auto impl = std::make_unique<Impl>(endpoint, limits);
  if (Result<void> opened = impl->open(trust); !opened) {
    return failed(opened);
  }
  return HttpConnection(std::move(impl));
}

HttpConnection::HttpConnection(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
HttpConnection::HttpConnection(HttpConnection&&) noexcept = default;
HttpConnection& HttpConnection::operator=(HttpConnection&&) noexcept = default;
HttpConnection::~HttpConnection() = default;

Result<Answer> HttpConnection::get(const std::string& target) {
  return impl_->exchange({impl_->request_head("GET", target), {}, std::nullopt, nullptr});
}

Result<Answer> HttpConnection::get(const std::string& target, const std::optional<Resume>& resume,
                                   const ChunkSink& sink) {
  Exchange wanted{impl_->request_head("GET", target), {}, std::nullopt, &sink};
  if (resume) {
    wanted.head.add("Range", "bytes=" + std::to_string(resume->offset) + "-").add("If-Range", resume->etag);
    wanted.resumed_at = resume->offset;
  }
  return impl_->exchange(wanted);
}

Result<Answer> HttpConnection::post(const std::string& target, std::string_view content_type, ByteView body,
                                    std::string_view authorization) {
  RequestHead head = impl_->request_head("POST", target);
  head.add("Content-Type", content_type).add("Content-Length", std::to_string(body.size()));
  if (!authorization.empty()) {
    head.add("Authorization", authorization);
  }
  return impl_->exchange({std::move(head), body, std::nullopt, nullptr});
}

const std::vector<HeadLine>& HttpConnection::last_head() const noexcept {
  return impl_->head_lines();
}
const std::vector<Attempt>& HttpConnection::last_attempts() const noexcept {
  return impl_->attempts();
}

}  // namespace blindbook::service::http
