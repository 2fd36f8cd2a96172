#pragma once

#include <string>
#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/service/http/client.h"
#include "blindbook/service/http/endpoint.h"

/// Where an operator whose host was lost finds what clients saw last: at a mirror, or wherever a copy was
/// saved.
namespace blindbook::service {

struct AnnouncementUrl {
  http::Endpoint endpoint;
  std::string target;  ///< "/v1/announcement" where the URL names no path
};

/// From "https://host[:port][/path]" or "http://..". BadInput "http.url" on anything else, also on a query, a
/// fragment, or a character that no path has unescaped.
[[nodiscard]] Result<AnnouncementUrl> parse_announcement_url(std::string_view url);

/// The object that stands there; nothing of it is checked. Errors of http/client.h, of refusal_in() for any
/// status but 200.
[[nodiscard]] Result<Bytes> fetch_announcement(const AnnouncementUrl& url, const http::TlsTrust& trust);

}  // namespace blindbook::service
