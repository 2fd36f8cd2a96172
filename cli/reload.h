#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "blindbook/base/types.h"
#include "blindbook/protocol/token.h"
#include "blindbook/service/event.h"
#include "blindbook/service/http/server.h"
#include "blindbook/service/replaceable.h"
#include "blindbook/service/served_set.h"

namespace blindbook::cli {

/// The parts of a running service that can be read again. Borrowed.
struct Reloadable {
  std::filesystem::path folder;  ///< the operator's
  std::string operator_id;       ///< which no reload changes
  service::Replaceable<protocol::TokenVerifier>& tokens;
  service::ServedSets& served;
  service::http::HttpServer& server;
  std::optional<service::http::TlsFiles> tls;  ///< absent: plain HTTP
  service::EventSink events;
};

/// Reads issuers, trusted proxies, certificate and key, announcement, directories and epoch keys again, each for itself: one that cannot be
/// read is told as "reload-failed", and stays as it was. "reloaded" when all could.
void reload(const Reloadable& parts, UnixTime now);

}  // namespace blindbook::cli
