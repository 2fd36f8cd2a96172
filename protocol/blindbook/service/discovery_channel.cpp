#include "blindbook/service/discovery_channel.h"

namespace blindbook::service {

template <class Exchange>
Result<http::Answer> DiscoveryChannel::metered(std::optional<http::HttpConnection>& connection,
                                               DisclosedRequest request, const Exchange& exchange) {
  if (!connection) {
    auto opened = http::HttpConnection::open(settings_.service, settings_.trust, {});
    if (!opened) {
      return failed(opened);
    }
    connection.emplace(std::move(*opened));
  }
  const std::uint64_t sent_before = connection->bytes_sent();
  const std::uint64_t received_before = connection->bytes_received();
  Result<http::Answer> answer = exchange(*connection);
  request.bytes_sent = connection->bytes_sent() - sent_before;
  request.bytes_received = connection->bytes_received() - received_before;
  record_.bytes_sent += request.bytes_sent;
  record_.bytes_received += request.bytes_received;
  record_.requests.push_back(std::move(request));
  return answer;
}

Result<http::Answer> DiscoveryChannel::get(const std::string& path) {
  return metered(public_, {.method = "GET", .path = path},
                 [&](http::HttpConnection& connection) { return connection.get(path); });
}

Result<http::Answer> DiscoveryChannel::get(const std::string& path, const http::ChunkSink& sink) {
  return metered(public_, {.method = "GET", .path = path},
                 [&](http::HttpConnection& connection) { return connection.get(path, std::nullopt, sink); });
}

Result<http::Answer> DiscoveryChannel::post(const std::string& path, ByteView body) {
  return metered(account_, {.method = "POST", .path = path, .with_account = true},
                 [&](http::HttpConnection& connection) {
                   return connection.post(path, "application/octet-stream", body,
                                          "Bearer " + settings_.token);
                 });
}

}  // namespace blindbook::service
