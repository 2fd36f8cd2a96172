#include "blindbook/service/last_announcement.h"

#include <algorithm>
#include <utility>

#include "blindbook/service/service_answer.h"

namespace blindbook::service {
namespace {

/// What may stand in a path (RFC 3986 section 3.3).
bool is_path_character(char c) {
  constexpr std::string_view kMarks = "/-._~!$&'()*+,;=:@%";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

}  // namespace

Result<AnnouncementUrl> parse_announcement_url(std::string_view url) {
  const std::size_t authority = url.find("://");
  const std::size_t path = authority == std::string_view::npos
                               ? authority
                               : url.find('/', authority + std::string_view("://").size());
  std::string target(path == std::string_view::npos ? "" : url.substr(path));
  Result<http::Endpoint> endpoint = http::parse_url(url.substr(0, path));
  if (!endpoint) {
    return failed(endpoint);
  }
  if (!std::ranges::all_of(target, is_path_character)) {
    return bad_input("http.url", "the path of the URL has a character that no path has unescaped");
  }
  if (target.empty() || target == "/") {
    target = "/v1/announcement";
  }
  return AnnouncementUrl{std::move(*endpoint), std::move(target)};
}

Result<Bytes> fetch_announcement(const AnnouncementUrl& url, const http::TlsTrust& trust) {
  Result<http::HttpConnection> connection = http::HttpConnection::open(url.endpoint, trust, {});
  if (!connection) {
    return failed(connection);
  }
  Result<http::Answer> answer = connection->get(url.target);
  if (!answer) {
    return failed(answer);
  }
  if (auto refused = refusal_in(*answer)) {
    return tl::unexpected<Error>(std::move(refused->error));
  }
  return std::move(answer->body);
}

}  // namespace blindbook::service
