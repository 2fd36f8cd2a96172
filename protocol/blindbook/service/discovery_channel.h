#pragma once

#include <optional>
#include <string>

#include "blindbook/service/discovery.h"

namespace blindbook::service {

/// The connections of a run and the record of what crossed them. What everybody may fetch goes without token over
/// one, evaluations go over another, labels that a person asks for over a third, so that the service cannot tie
/// these by the connection.
class DiscoveryChannel {
 public:
  /// `settings` and `record` must outlive the channel.
  DiscoveryChannel(const DiscoverySettings& settings, Disclosure& record, UnixTime now)
      : settings_(settings), record_(record), now_(now) {}

  /// GET of a public object small enough for memory. Errors of http/client.h.
  [[nodiscard]] Result<http::Answer> get(const std::string& path);
  /// GET of a public object that goes to `sink` as it arrives.
  [[nodiscard]] Result<http::Answer> get(const std::string& path, const http::ChunkSink& sink);
  /// GET of a public object of the mirror, which there is.
  [[nodiscard]] Result<http::Answer> get_from_mirror(const std::string& path);
  /// POST of `elements` blinded elements, with the access token.
  [[nodiscard]] Result<http::Answer> post(const std::string& path, ByteView body, std::uint32_t elements);
  /// POST that asks for a label, with the access token.
  [[nodiscard]] Result<http::Answer> post_label(const std::string& path, ByteView body);

 private:
  /// A connection to the service, and the number that the run has given the last one it opened.
  struct Line {
    std::optional<http::HttpConnection> http;
    std::uint32_t opened = 0;  // by `http`
    std::uint32_t number = 0;  // of the run
  };
  [[nodiscard]] Result<http::Answer> post_over(Line& line, DisclosedRequest request, ByteView body);
  template <class Exchange>
  Result<http::Answer> recorded(Line& line, const http::Endpoint& peer, DisclosedRequest request,
                                const Exchange& exchange);
  void record(Line& line, DisclosedRequest request, const http::Attempt& attempt);
  void tell() const;

  const DiscoverySettings& settings_;
  Disclosure& record_;
  UnixTime now_;
  std::uint32_t connections_ = 0;  // opened in this run
  Line public_;
  Line mirror_;
  Line account_;
  Line labels_;
};

}  // namespace blindbook::service
