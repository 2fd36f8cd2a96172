#pragma once

#include <string>
#include <string_view>

#include "blindbook/base/types.h"
#include "blindbook/service/http/message.h"

namespace blindbook::service::http {

/// Standard reason phrase of RFC 9110, "Unknown" for codes blindbook does not use.
[[nodiscard]] std::string_view reason_phrase(unsigned status) noexcept;

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7); always 29 characters.
[[nodiscard]] std::string http_date(UnixTime time);

/// Status line and fields of `response` up to and with the empty line; Content-Length is that of payload().
[[nodiscard]] std::string response_head(const Response& response, UnixTime now, bool keep_alive);

}  // namespace blindbook::service::http
