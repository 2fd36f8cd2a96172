#pragma once

#include <memory>
#include <optional>

#include "blindbook/base/error.h"
#include "blindbook/service/http/server.h"
#include "blindbook/service/watch/admin.h"

#include "cli/common/arguments.h"

namespace blindbook::cli {

/// Where --admin-listen wants /metrics and /readyz; nothing without it. BadInput "usage.admin-listen" for an address beyond
/// this machine without --insecure-http, and "http.listen-address".
[[nodiscard]] Result<std::optional<service::http::ServerOptions>> admin_options_from(
    const Arguments& arguments);

/// What listens there; null where `options` are none. `admin` is borrowed. Errors of
/// HttpServer::listen().
[[nodiscard]] Result<std::unique_ptr<service::http::HttpServer>> open_admin_port(
    const std::optional<service::http::ServerOptions>& options, const service::Admin& admin);

}  // namespace blindbook::cli
