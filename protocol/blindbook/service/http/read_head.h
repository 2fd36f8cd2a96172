#pragma once

// Reads the head of a message. Included by server.cpp, through read_request.h, and by client.cpp alone: Beast
// takes half a minute and a gigabyte to compile.

// Standard headers first: Asio 1.74 uses std::exchange without including <utility>.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>

namespace blindbook::service::http {

/// What a head may have that both ends could read in another way than who stands between them.
enum class Folds {
  kTaken,    ///< a field that goes on in the next line is one, as RFC 9112 section 5.2 wants it of a client
  kRefused,  ///< beast::http::error::bad_field, as it wants it of a server
};

/// Looks for fields that go on in the next line, in a head that is seen piece by piece.
class FoldWatch {
 public:
  /// True when a line of `piece`, which follows what was seen before, begins with a space or a tab.
  [[nodiscard]] bool sees(std::string_view piece) {
    bool found = false;
    for (const char c : piece) {
      found = found || (line_begins_ && (c == ' ' || c == '\t'));
      line_begins_ = c == '\n';
    }
    return found;
  }

 private:
  bool line_begins_ = false;  // the first line has none before it
};

/// Reads a head of at most `limit` bytes into `parser`, and gives the bytes it took out of `buffer`, where
/// what follows the head stays. beast::http::error::header_limit when the head is longer. By hand, because
/// async_read_header() of Beast 1.74 holds its limit against each piece that arrives and not against their
/// sum: short fields without end would fill the memory.
template <class Stream, class Parser>
boost::asio::awaitable<std::size_t> read_head(Stream& stream, boost::beast::flat_buffer& buffer,
                                              Parser& parser, std::size_t limit, Folds folds,
                                              boost::system::error_code& error) {
  namespace net = boost::asio;
  namespace beast = boost::beast;
  parser.header_limit(static_cast<std::uint32_t>(limit));
  error = {};
  std::size_t taken = 0;
  FoldWatch fold_watch;
  bool wants_more = buffer.size() == 0;
  do {
    if (wants_more) {
      const std::size_t size = co_await stream.async_read_some(
          buffer.prepare(limit), net::redirect_error(net::use_awaitable, error));
      if (error) {
        break;
      }
      buffer.commit(size);
    }
    const std::size_t used = parser.put(buffer.data(), error);
    const std::string_view piece(static_cast<const char*>(buffer.data().data()), used);
    const bool folded = fold_watch.sees(piece);
    buffer.consume(used);
    taken += used;
    wants_more = error == beast::http::error::need_more;
    if (folded && folds == Folds::kRefused) {
      error = beast::http::error::bad_field;
      break;
    }
    if ((wants_more ? taken + buffer.size() : taken) > limit) {
      error = beast::http::error::header_limit;
    }
  } while (error == beast::http::error::need_more);
  co_return taken;
}

}  // namespace blindbook::service::http
