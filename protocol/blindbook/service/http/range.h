#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "blindbook/service/http/message.h"

namespace blindbook::service::http {

/// Where an interrupted download goes on: N of "Range: bytes=N-", when If-Range equals `etag` and 0 < N <
/// size. Every other range is as if it were not there (RFC 9110 section 14.2 allows that), so that nothing
/// fetched can depend on contacts.
[[nodiscard]] std::optional<std::size_t> resume_offset(const Request& request, std::string_view etag,
                                                       std::size_t size);

}  // namespace blindbook::service::http
