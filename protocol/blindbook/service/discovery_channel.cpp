#include "blindbook/service/discovery_channel.h"

#include <utility>

namespace blindbook::service {

template <class Exchange>
Result<http::Answer> DiscoveryChannel::recorded(Line& line, const http::Endpoint& peer,
                                                DisclosedRequest request, const Exchange& exchange) {
  request.at = settings_.clock ? settings_.clock() : now_;
  if (!line.http) {
    auto opened = http::HttpConnection::open(peer, settings_.trust, {});
    if (!opened) {
      record(line, std::move(request), {.failure = opened.error().rule});
      tell();
      return failed(opened);
    }
    line.http.emplace(std::move(*opened));
  }
  Result<http::Answer> answer = exchange(*line.http);
  request.head = line.http->last_head();
  for (const http::Attempt& attempt : line.http->last_attempts()) {
    record(line, request, attempt);
  }
  tell();
  return answer;
}

void DiscoveryChannel::record(Line& line, DisclosedRequest request, const http::Attempt& attempt) {
  if (attempt.connection > line.opened) {
    line.opened = attempt.connection;
    line.number = ++connections_;
  }
  request.connection = attempt.connection == 0 ? 0 : line.number;
  request.head_sent = attempt.head_sent;
  request.body_sent = attempt.body_sent;
  request.head_received = attempt.head_received;
  request.body_received = attempt.body_received;
  request.status = attempt.status;
  request.failure = attempt.failure;
  record_.requests.push_back(std::move(request));
}

void DiscoveryChannel::tell() const {
  if (settings_.on_disclosure) {
    settings_.on_disclosure(record_);
  }
}

Result<http::Answer> DiscoveryChannel::get(const std::string& path) {
  return recorded(public_, settings_.service, {.method = "GET", .path = path},
                  [&](http::HttpConnection& connection) { return connection.get(path); });
}

Result<http::Answer> DiscoveryChannel::get(const std::string& path, const http::ChunkSink& sink) {
  return recorded(public_, settings_.service, {.method = "GET", .path = path},
                  [&](http::HttpConnection& connection) { return connection.get(path, std::nullopt, sink); });
}

Result<http::Answer> DiscoveryChannel::get_from_mirror(const std::string& path) {
  // By its whole address: all other paths are of the service.
  return recorded(mirror_, *settings_.mirror, {.method = "GET", .path = settings_.mirror->url() + path},
                  [&](http::HttpConnection& connection) { return connection.get(path); });
}

Result<http::Answer> DiscoveryChannel::post(const std::string& path, ByteView body, std::uint32_t elements) {
  return post_over(account_, {.path = path, .elements = elements}, body);
}

Result<http::Answer> DiscoveryChannel::post_label(const std::string& path, ByteView body) {
  return post_over(labels_, {.path = path, .asks_label = true}, body);
}

Result<http::Answer> DiscoveryChannel::post_over(Line& line, DisclosedRequest request, ByteView body) {
  request.method = "POST";
  request.with_account = true;
  request.body_bytes = body.size();
  const std::string path = request.path;
  return recorded(line, settings_.service, std::move(request), [&](http::HttpConnection& connection) {
    return connection.post(path, "application/octet-stream", body, "Bearer " + settings_.token);
  });
}

}  // namespace blindbook::service
