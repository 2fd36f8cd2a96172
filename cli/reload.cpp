#include "cli/reload.h"

#include "blindbook/service/operator_folder.h"

namespace blindbook::cli {
namespace {

Result<void> reload_config(const Reloadable& parts) {
  auto folder = service::OperatorFolder::open(parts.folder, {});
  if (!folder) {
    return failed(folder);
  }
  parts.tokens.replace(protocol::TokenVerifier(folder->config().issuers, parts.operator_id));
  parts.server.trust(service::http::TrustedProxies::parse(folder->config().trusted_proxies).value());
  return {};
}

Result<void> reload_certificate(const Reloadable& parts) {
  return parts.tls ? parts.server.use_certificate(*parts.tls) : Result<void>();
}

}  // namespace

void reload(const Reloadable& parts, UnixTime now) {
  bool all = true;
  const auto tell = [&](const Result<void>& done) {
    if (!done) {
      parts.events(service::error_event("reload-failed", done.error()));
      all = false;
    }
  };
  tell(reload_config(parts));
  tell(reload_certificate(parts));
  tell(parts.served.reload(now));
  if (all) {
    parts.events({"reloaded", {{"seq", parts.served.current()->announcement().seq}}});
  }
}

}  // namespace blindbook::cli
