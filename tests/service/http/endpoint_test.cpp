#include "blindbook/service/http/endpoint.h"

#include <string_view>

#include <catch2/catch.hpp>

#include "blindbook/service/http/wire.h"

namespace blindbook::service::http {
namespace {

TEST_CASE("a url is a scheme a host and perhaps a port") {
  CHECK(parse_url("https://city.example").value() == Endpoint{true, "city.example", 443});
  CHECK(parse_url("https://city.example/").value() == Endpoint{true, "city.example", 443});
  CHECK(parse_url("http://127.0.0.1:8080").value() == Endpoint{false, "127.0.0.1", 8080});
  CHECK(parse_url("https://[::1]:8443").value() == Endpoint{true, "::1", 8443});
}

TEST_CASE("a url with anything else is refused") {
  const auto* url = GENERATE("", "city.example", "ftp://city.example", "https://", "https://a b",
                             "https://x/path", "https://x?q", "https://x#f", "https://user@x", "https://x:0",
                             "https://x:65536", "https://x:", "https://x:12a", "https://[::1",
                             "https://[city]", "https://::1:443", "https://.x", "https://x//");
  CHECK(parse_url(url).error().rule == "http.url");
}

TEST_CASE("a zero byte ends no address") {
  using namespace std::string_view_literals;
  CHECK_FALSE(parse_url("https://[::1\0.example]"sv).has_value());
  CHECK_FALSE(parse_listen_address("[::1\0.example]:1"sv, "127.0.0.1").has_value());
  CHECK_FALSE(is_loopback("127.0.0.1\0.example"sv));
  CHECK_FALSE(is_loopback("::1\0.example"sv));
  CHECK_FALSE(is_wildcard("0.0.0.0\0.example"sv));
  CHECK_FALSE(is_wildcard("::\0.example"sv));
}

TEST_CASE("an endpoint is written as it was read") {
  const auto* url =
      GENERATE("https://city.example", "http://city.example", "https://[::1]:8443", "http://x:443");
  CHECK(parse_url(url).value().url() == url);
}

TEST_CASE("a listen address is a host and a port or a port alone") {
  CHECK(parse_listen_address("0.0.0.0:443", "127.0.0.1").value().host == "0.0.0.0");
  CHECK(parse_listen_address("[::]:0", "127.0.0.1").value().host == "::");
  CHECK(parse_listen_address("9090", "127.0.0.1").value().host == "127.0.0.1");
  CHECK(parse_listen_address("9090", "127.0.0.1").value().port == 9090);
  for (const char* text : {"localhost", "localhost:", "", ":80", "a b:80", "[::1]", "127.0.0.1:65536",
                           "http://127.0.0.1:80", "127.0.0.1:80/"}) {
    INFO(text);
    CHECK(parse_listen_address(text, "127.0.0.1").error().rule == "http.listen-address");
  }
}

TEST_CASE("loopback is what can only be this machine") {
  for (const char* host : {"localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"}) {
    CHECK(is_loopback(host));
  }
  for (const char* host :
       {"", "0.0.0.0", "::", "128.0.0.1", "127.0.0.1.example", "localhost.example", "10.0.0.1", "127.1"}) {
    CHECK_FALSE(is_loopback(host));
  }
  CHECK(is_wildcard("0.0.0.0"));
  CHECK(is_wildcard("[::]"));
  CHECK_FALSE(is_wildcard("127.0.0.1"));
}

TEST_CASE("dates are those of rfc 9110") {
  CHECK(http_date(UnixTime(784111777)) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http_date(UnixTime(0)) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

}  // namespace
}  // namespace blindbook::service::http
