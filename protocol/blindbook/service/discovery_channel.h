#pragma once

#include <optional>
#include <string>

#include "blindbook/service/discovery.h"

namespace blindbook::service {

/// The two connections of a run and the record of what crossed them. What everybody may fetch goes without
/// token over one, evaluations go over the other, so that the service cannot tie the two by the connection.
class DiscoveryChannel {
 public:
  /// `settings` and `record` must outlive the channel.
  DiscoveryChannel(const DiscoverySettings& settings, Disclosure& record)
      : settings_(settings), record_(record) {}

  /// GET of a public object small enough for memory. Errors of http/client.h.
  [[nodiscard]] Result<http::Answer> get(const std::string& path);
  /// GET of a public object that goes to `sink` as it arrives.
  [[nodiscard]] Result<http::Answer> get(const std::string& path, const http::ChunkSink& sink);
  /// POST with the access token.
  [[nodiscard]] Result<http::Answer> post(const std::string& path, ByteView body);

 private:
  template <class Exchange>
  Result<http::Answer> metered(std::optional<http::HttpConnection>& connection, DisclosedRequest request,
                               const Exchange& exchange);

  const DiscoverySettings& settings_;
  Disclosure& record_;
  std::optional<http::HttpConnection> public_;
  std::optional<http::HttpConnection> account_;
};

}  // namespace blindbook::service
