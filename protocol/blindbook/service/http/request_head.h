#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/service/http/endpoint.h"

namespace blindbook::service::http {

/// One line of a request's head.
struct HeadLine {
  std::string text;   ///< as sent, without its line break; credentials are left out: "Authorization: Bearer "
  std::size_t bytes;  ///< as sent, with its line break and with what is left out of `text`
  friend bool operator==(const HeadLine&, const HeadLine&) = default;
};

/// The head of a request: what goes over the wire, and what of it may be told.
class RequestHead {
 public:
  /// Request line, and the fields that every request bears: the same for each, so that none tells one client
  /// from another.
  RequestHead(const Endpoint& service, std::string_view method, std::string_view target);

  /// A further field. Of "Authorization" only the scheme is told.
  RequestHead& add(std::string_view name, std::string_view value);

  /// As sent, with the empty line that ends it.
  [[nodiscard]] std::string text() const { return text_ + "\r\n"; }
  /// The lines of text(), the empty one included.
  [[nodiscard]] std::vector<HeadLine> lines() const;

 private:
  void add_line(std::string line, std::size_t told);
  std::string text_;
  std::vector<HeadLine> lines_;
};

}  // namespace blindbook::service::http
