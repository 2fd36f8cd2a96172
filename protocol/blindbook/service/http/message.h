#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "blindbook/base/bytes.h"

namespace blindbook::service::http {

/// A request whose framing is already checked: HTTP/1.x, origin-form target, body of Content-Length bytes and
/// within the limit, no content coding. The peer's address is left out on purpose: nothing above may log it.
struct Request {
  std::string method;  ///< as sent, "GET"
  std::string target;  ///< begins with '/'; path and query, not percent-decoded
  std::optional<std::string> authorization;
  std::optional<std::string> content_type;
  std::optional<std::string> range;
  std::optional<std::string> if_range;
  Bytes body;
};

/// An answer. Content-Length, Date and Connection are the server's to write. To a HEAD request the same head
/// is sent, without the body.
struct Response {
  unsigned status = 200;
  std::string content_type = {};                                  ///< no Content-Type when empty
  std::vector<std::pair<std::string, std::string>> headers = {};  ///< further fields, without CR or LF
  Bytes body = {};
  /// When set, sent in place of `body`, from `offset` (at most its size) to its end, and never copied; kept
  /// alive until it is sent. For memory owned elsewhere: a shared_ptr aliasing the owner.
  std::shared_ptr<const ByteView> shared_body = nullptr;
  std::size_t offset = 0;
  /// The name of the problem that this is (problem.h), for log and metrics; empty: none. Not sent.
  std::string problem = {};

  /// What goes over the wire as the body.
  [[nodiscard]] ByteView payload() const noexcept {
    return shared_body ? shared_body->subspan(offset) : ByteView(body);
  }
};

/// Answers one request. May be called from any thread; the first call counts, later ones do nothing. When
/// every copy is gone without a call, the server answers 500.
using Respond = std::function<void(Response)>;

/// Takes a request and answers it now or later. Called on a server thread, so it must not block.
using Handler = std::function<void(Request, Respond)>;

/// Takes the body of a request that a Router has seen, and answers as a Handler does.
using TakeBody = std::function<void(Bytes, Respond)>;

/// Decides by its head, with an empty body, what becomes of a request: the answer, for which nothing of the body is kept, or
/// who takes the body. Called on a server thread, so it must not block. Nobody who may not send a body makes the server hold
/// one.
using Router = std::function<std::variant<Response, TakeBody>(Request)>;

}  // namespace blindbook::service::http
