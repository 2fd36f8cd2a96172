#include "cli/admin_port.h"

#include "blindbook/service/http/endpoint.h"

namespace blindbook::cli {
namespace {

// A few scrapers and load balancers.
constexpr service::http::ServerLimits kLimits{.max_body_bytes = 0, .max_connections = 32};

}  // namespace

Result<std::optional<service::http::ServerOptions>> admin_options_from(const Arguments& arguments) {
  const auto given = arguments.value("admin-listen");
  if (!given) {
    return std::nullopt;
  }
  const auto address = service::http::parse_listen_address(*given, "127.0.0.1");
  if (!address) {
    return tl::unexpected<Error>(address.error());
  }
  if (!service::http::is_loopback(address->host) && !arguments.has("insecure-http")) {
    return bad_input("usage.admin-listen",
                     "metrics are for whoever runs the service, and would be shown to the network",
                     "listen on 127.0.0.1, or give --insecure-http too where the network is yours alone");
  }
  return service::http::ServerOptions{.host = address->host, .port = address->port, .limits = kLimits};
}

Result<std::unique_ptr<service::http::HttpServer>> open_admin_port(
    const std::optional<service::http::ServerOptions>& options, const service::Admin& admin) {
  if (!options) {
    return nullptr;
  }
  auto server = service::http::HttpServer::listen(*options, admin.handler());
  if (!server) {
    return failed(server);
  }
  return server;
}

}  // namespace blindbook::cli
