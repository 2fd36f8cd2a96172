#pragma once

// Reads one request of a connection, and asks the router what becomes of it. Included by connection.h alone: Beast takes half
// a minute and a gigabyte to compile.

// Standard headers first: Asio 1.74 uses std::exchange without including <utility>.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>

#include "blindbook/service/http/message.h"
#include "blindbook/service/http/read_head.h"
#include "blindbook/service/http/server_state.h"
#include "blindbook/service/problem.h"

namespace blindbook::service::http {

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
    case 429:
      return problem_response({429, "rate", "too many requests of one address at once", {}, kBusySeconds});
    case 431:
      return problem_response({431, "head-too-large", "the request's head is too long"});
    case 500:
      return problem_response({500, "internal", "the service failed on this request"});
    case 503:
      return problem_response({503, "busy", "too many requests are waiting", {}, kBusySeconds});
    default:
      return problem_response({400, "malformed", "this is not a request that can be answered"});
  }
}

/// The answer to a request that is refused here, told.
inline Response refuse(const State& state, unsigned status) {
  Response out = refusal(status);
  if (state.refused) {
    state.refused(out);
  }
  return out;
}

/// What arrived: a whole request that somebody takes, or the answer to one whose body nobody takes. Neither: the
/// connection is over.
struct Incoming {
  TakeBody take;
  Bytes body;
  std::optional<HeldBytes::Part> held;        // of the body, until the answer is sent
  std::optional<AddressPlaces::Place> place;  // of who asks through a proxy, as long
  std::optional<Response> answer;
  std::size_t unread = 0;  // bytes of a body that are to be passed over, once the answer is sent
  bool keep_alive = false;
  bool head_only = false;

  [[nodiscard]] bool over() const { return !take && !answer; }
};

using HeadParser = beast::http::request_parser<beast::http::empty_body>;

inline std::optional<std::string> field_of(const HeadParser::value_type& head, beast::http::field name) {
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

/// For whom proxies say that they ask: all fields X-Forwarded-For, one after the other (RFC 9110 section 5.2).
inline std::string forwarded_of(const HeadParser::value_type& head) {
  std::string out;
  const auto [first, last] = head.equal_range("X-Forwarded-For");
  for (auto field = first; field != last; ++field) {
    out.append(out.empty() ? "" : ",").append(std::string(field->value()));
  }
  return out;
}

/// The head of a request, for the router.
inline Request request_of(const HeadParser::value_type& head) {
  using beast::http::field;
  Request out;
  out.method = std::string(head.method_string());
  out.target = std::string(head.target());
  out.authorization = field_of(head, field::authorization);
  out.content_type = field_of(head, field::content_type);
  out.range = field_of(head, field::range);
  out.if_range = field_of(head, field::if_range);
  return out;
}

/// What becomes of a request by its head, which is that of one HTTP request. Nobody reads the body where there is an answer.
/// `proxy` is where it comes from, when that is a trusted proxy.
inline Incoming route(State& state, const std::optional<IpAddress>& proxy, const HeadParser& parser) {
  Incoming out;
  out.head_only = parser.get().method() == beast::http::verb::head;
  if (const std::optional<unsigned> status = refused_by_head(parser, state.limits)) {
    out.answer = refuse(state, *status);
    return out;
  }
  const auto size = static_cast<std::size_t>(parser.content_length().value_or(0));
  std::variant<Response, TakeBody> routed;
  if (proxy) {
    const IpAddress client = state.proxies.get()->client_of(*proxy, forwarded_of(parser.get()));
    out.place = state.places.take(client, state.limits.max_per_line);
  }
  if (proxy && !out.place) {
    routed = refuse(state, 429);
  } else {
    try {
      routed = state.router(request_of(parser.get()));
    } catch (...) {
      routed = refuse(state, 500);
    }
  }
  out.keep_alive = parser.keep_alive();
  if (TakeBody* take = std::get_if<TakeBody>(&routed)) {
    out.held = state.held.take(size, state.limits.max_held_bytes);
    if (out.held) {
      out.take = std::move(*take);
      out.body.resize(
          size);  // the body goes straight to its final place: through the parser it would be copied
      return out;
    }
    routed = refuse(state, 503);
  }
  out.answer = std::move(std::get<Response>(routed));
  out.unread = size;
  // Who waits to be asked for the body may send none now, so that nobody knows where the next request begins.
  out.keep_alive = out.keep_alive && (size == 0 || parser.get().count(beast::http::field::expect) == 0);
  return out;
}

/// Takes what has come of a body of `size` bytes out of `buffer`, at most all of it; copies it to `to` unless that is null.
inline std::size_t take_present(beast::flat_buffer& buffer, std::size_t size, std::uint8_t* to) {
  const std::size_t present = std::min(size, buffer.size());
  if (to != nullptr) {
    std::copy_n(static_cast<const std::uint8_t*>(buffer.data().data()), present, to);
  }
  buffer.consume(present);
  return present;
}

template <class Stream>
net::awaitable<Incoming> read_request(State& state, std::optional<IpAddress> proxy, Stream& stream,
                                      beast::flat_buffer& buffer) {
  const ServerLimits& limits = state.limits;
  Incoming out;
  error_code error;
  HeadParser parser;
  // Checked below: the parser would only fail, without a 413. Not boost::none, which Beast 1.74 takes for a
  // limit of 0.
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());
  beast::get_lowest_layer(stream).expires_after(limits.head);
  co_await read_head(stream, buffer, parser, limits.max_head_bytes, Folds::kRefused, error);
  if (error) {
    if (error == beast::http::error::header_limit) {
      out.answer = refuse(state, 431);
    } else if (error.category() == make_error_code(beast::http::error::bad_method).category() &&
               error != beast::http::error::end_of_stream && error != beast::http::error::partial_message) {
      out.answer = refuse(state, 400);
    }
    co_return out;
  }
  out = route(state, proxy, parser);
  if (!out.take) {
    co_return out;
  }
  const auto& head = parser.get();
  const std::size_t present = take_present(buffer, out.body.size(), out.body.data());
  if (present < out.body.size()) {
    beast::get_lowest_layer(stream).expires_after(limits.body);
    // HTTP/1.0 knows no 100, and would take it for the answer (RFC 9110 section 10.1.1).
    if (head.version() >= 11 && head.count(beast::http::field::expect) > 0) {
      co_await net::async_write(stream, net::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n")),
                                into(error));
    }
    if (!error) {
      co_await net::async_read(stream, net::buffer(out.body) + present, into(error));
    }
    if (error) {
      out.take = nullptr;
    }
  }
  co_return out;
}

}  // namespace blindbook::service::http
