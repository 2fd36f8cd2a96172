#pragma once

// Opens the connection of a client. Included by client.cpp alone: Beast takes half a minute and a gigabyte to
// compile.

// Standard headers first: Asio 1.74 uses std::exchange without including <utility>.
#include <chrono>
#include <cstring>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "blindbook/base/error.h"
#include "blindbook/service/http/endpoint.h"
#include "blindbook/service/http/resolve.h"
#include "blindbook/service/http/tls_context.h"

namespace blindbook::service::http {

using PlainStream = boost::beast::tcp_stream;
using SecureStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;
/// A connection, or none.
using ClientStream = std::variant<std::monostate, PlainStream, SecureStream>;

/// Connects `stream` to the first of `addresses` that answers, all of them `service`'s, and with `tls` agrees
/// on keys and checks the certificate. What goes wrong stands in `out` and may leave `stream` half-open:
/// Unavailable "http.timeout" after `deadline`, "http.connect", "http.tls".
inline boost::asio::awaitable<void> connect_first(boost::asio::io_context& context,
                                                  const std::vector<SocketAddress>& addresses,
                                                  const Endpoint& service, boost::asio::ssl::context* tls,
                                                  std::chrono::steady_clock::time_point deadline,
                                                  ClientStream& stream, Result<void>& out) {
  namespace net = boost::asio;
  namespace beast = boost::beast;
  const std::string authority = service.authority();
  PlainStream plain(context);
  boost::system::error_code error;
  std::size_t left = addresses.size();
  for (const SocketAddress& address : addresses) {
    // An equal share of the time for each, so that one dead address does not hide a live one.
    plain.expires_after((deadline - std::chrono::steady_clock::now()) / static_cast<int>(left--));
    net::ip::tcp::endpoint endpoint;
    std::memcpy(endpoint.data(), &address.storage, address.size);
    endpoint.resize(address.size);
    error = {};
    co_await plain.async_connect(endpoint, net::redirect_error(net::use_awaitable, error));
    if (!error) {
      break;
    }
    plain.close();
  }
  if (error == beast::error::timeout) {
    out = unavailable("http.timeout", authority + " did not answer in time",
                      "check the address and the network");
    co_return;
  }
  if (error) {
    out = unavailable("http.connect", "no connection to " + authority + ": " + error.message(),
                      "check the address, and that the service runs");
    co_return;
  }
  plain.socket().set_option(net::ip::tcp::no_delay(true), error);
  if (tls == nullptr) {
    stream.emplace<PlainStream>(std::move(plain));
    co_return;
  }
  SecureStream& secure = stream.emplace<SecureStream>(std::move(plain), *tls);
  if (!expect_host(secure.native_handle(), service.host)) {
    out = unavailable("http.tls", "the name " + service.host + " cannot be checked against a certificate");
    co_return;
  }
  beast::get_lowest_layer(secure).expires_at(deadline);
  co_await secure.async_handshake(net::ssl::stream_base::client,
                                  net::redirect_error(net::use_awaitable, error));
  if (error == beast::error::timeout) {
    out = unavailable("http.timeout", "the TLS handshake with " + authority + " took too long");
  } else if (error) {
    const bool from_library = error.category() == net::error::get_ssl_category();
    out = tl::unexpected(handshake_error(secure.native_handle(), authority,
                                         from_library ? static_cast<unsigned long>(error.value()) : 0));
  }
}

}  // namespace blindbook::service::http
