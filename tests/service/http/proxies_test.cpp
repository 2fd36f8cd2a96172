// Who asks when a proxy asks for him, and how much one address may have at once.
#include <future>

#include "blindbook/service/http/address_places.h"
#include "blindbook/service/http/proxy_header.h"
#include "blindbook/service/http/trusted_proxies.h"

#include "tests/service/http/raw_socket.h"
#include "tests/service/http/server_fixture.h"

namespace blindbook::test_support {
namespace {

using http::AddressPlaces;
using http::IpAddress;
using http::IpNetwork;
using http::Request;
using http::Respond;
using http::TrustedProxies;

IpAddress address(const std::string& text) {
  return IpAddress::parse(text).value();
}

TEST_CASE("an address is read in the forms of ipv4 and ipv6 alone") {
  CHECK(address("192.0.2.1").is_v4());
  CHECK(address("::ffff:192.0.2.1") == address("192.0.2.1"));
  CHECK_FALSE(address("2001:db8::1").is_v4());
  CHECK(address("127.8.8.8").is_loopback());
  CHECK(address("::1").is_loopback());
  CHECK_FALSE(address("::2").is_loopback());
  CHECK_FALSE(address("128.0.0.1").is_loopback());
  for (const std::string& text :
       {std::string(), std::string("192.0.2"), std::string("192.0.2.256"), std::string("192.0.2.1 "),
        std::string("192.0.2.1:80"), std::string("[::1]"), std::string("fe80::1%eth0"),
        std::string("city.example"), std::string("192.0.2.1\0", 10)}) {
    INFO(text);
    CHECK_FALSE(IpAddress::parse(text).has_value());
  }
}

TEST_CASE("a network is an address and how many bits of it count") {
  const auto [network, inside, outside] = GENERATE(table<std::string, std::string, std::string>({
      {"10.0.0.0/8", "10.255.0.1", "11.0.0.0"},
      {"10.0.0.0/9", "10.127.255.255", "10.128.0.0"},
      {"192.0.2.7", "192.0.2.7", "192.0.2.6"},
      {"192.0.2.7/32", "192.0.2.7", "192.0.2.6"},
      {"0.0.0.0/0", "203.0.113.9", "2001:db8::"},
      {"2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"},
      {"::ffff:10.0.0.0/104", "10.1.2.3", "11.1.2.3"},
  }));
  INFO(network);
  CHECK(IpNetwork::parse(network)->contains(address(inside)));
  CHECK_FALSE(IpNetwork::parse(network)->contains(address(outside)));
  for (const std::string text : {"10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/8 ", "10.0.0.0/-1", "/8",
                                 "2001:db8::/129", "x/8"}) {
    INFO(text);
    CHECK_FALSE(IpNetwork::parse(text).has_value());
  }
}

TEST_CASE("the client is the last address that no trusted proxy has, whatever stands before it") {
  const TrustedProxies proxies = TrustedProxies::parse({"10.0.0.0/8", "::1"}).value();
  const auto [peer, forwarded, client] = GENERATE(table<std::string, std::string, std::string>({
      {"10.0.0.1", "203.0.113.9", "203.0.113.9"},
      {"10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"},
      {"10.0.0.1", "198.51.100.1, 203.0.113.9,10.0.0.2",
       "203.0.113.9"},  // the first is the client's own invention
      {"::1", "2001:db8::9", "2001:db8::9"},
      {"10.0.0.1", "203.0.113.9:4711", "203.0.113.9"},
      {"10.0.0.1", "[2001:db8::9]:4711", "2001:db8::9"},
      {"10.0.0.1", " \t203.0.113.9\t ", "203.0.113.9"},
      {"203.0.113.7", "198.51.100.1", "203.0.113.7"},  // nobody believes it
      {"10.0.0.1", "", "10.0.0.1"},
      {"10.0.0.1", "10.0.0.3", "10.0.0.3"},
      {"10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"},
      {"10.0.0.1", "198.51.100.1, unknown, 10.0.0.2", "10.0.0.2"},
      {"10.0.0.1", "198.51.100.1,", "10.0.0.1"},
      {"10.0.0.1", "[2001:db8::9", "10.0.0.1"},
  }));
  INFO(peer << " says " << forwarded);
  CHECK(proxies.client_of(address(peer), forwarded) == address(client));
  CHECK(TrustedProxies().client_of(address(peer), forwarded) == address(peer));
}

/// A header of the PROXY protocol, version 2.
std::string proxy_header(char command, char family, const std::string& rest) {
  return std::string("\r\n\r\n\0\r\nQUIT\n", 12) + command + family + static_cast<char>(rest.size() >> 8U) +
         static_cast<char>(rest.size() & 0xffU) + rest;
}

std::string v4_rest(const std::string& source) {
  const auto bytes = address(source).bytes();
  return std::string(bytes.begin() + 12, bytes.end()) + std::string("\x7f\x00\x00\x01\x12\x34\x01\xbb", 8);
}

std::string v6_rest(const std::string& source) {
  const auto bytes = address(source).bytes();
  return std::string(bytes.begin(), bytes.end()) + std::string(16 + 4, '\1');
}

/// The source that `header` names; "none" where it names none, "refused" where it is no header.
std::string source_of(const std::string& header) {
  const Bytes bytes = to_bytes(header);
  const ByteView prefix = ByteView(bytes).first(std::min(bytes.size(), http::kProxyPrefixBytes));
  if (!http::proxy_rest_bytes(prefix)) {
    return "refused";
  }
  const auto parsed = http::parse_proxy_header(prefix, ByteView(bytes).subspan(prefix.size()));
  if (!parsed) {
    return "refused";
  }
  if (!parsed->source) {
    return "none";
  }
  for (const std::string text : {"203.0.113.9", "2001:db8::9"}) {
    if (*parsed->source == address(text)) {
      return text;
    }
  }
  return "another";
}

TEST_CASE("a proxy header names its source and whatever is none is refused") {
  CHECK(source_of(proxy_header('\x21', '\x11', v4_rest("203.0.113.9"))) == "203.0.113.9");
  CHECK(source_of(proxy_header('\x21', '\x21', v6_rest("2001:db8::9"))) == "2001:db8::9");
  // What a proxy tells besides stands behind the addresses.
  CHECK(source_of(proxy_header('\x21', '\x11', v4_rest("203.0.113.9") + std::string("\x04\x00\x02ok", 5))) ==
        "203.0.113.9");
  CHECK(source_of(proxy_header('\x20', '\x00', "")) == "none");
  CHECK(source_of(proxy_header('\x20', '\x11', v4_rest("203.0.113.9"))) ==
        "none");  // LOCAL: the addresses mean nothing
  CHECK(source_of(proxy_header('\x21', '\x00', "")) == "none");
  CHECK(source_of(proxy_header('\x21', '\x31', std::string(216, 'x'))) == "none");
  CHECK(source_of(proxy_header('\x21', '\x11', v4_rest("203.0.113.9").substr(1))) == "refused");
  CHECK(source_of(proxy_header('\x21', '\x21', v4_rest("203.0.113.9"))) == "refused");
  CHECK(source_of(proxy_header('\x11', '\x11', v4_rest("203.0.113.9"))) == "refused");  // version 1
  CHECK(source_of(proxy_header('\x22', '\x11', v4_rest("203.0.113.9"))) == "refused");
  CHECK(source_of(proxy_header('\x21', '\x11', std::string(http::kMaxProxyRestBytes + 1, 'x'))) == "refused");
  CHECK(source_of(proxy_header('\x21', '\x11', v4_rest("203.0.113.9")) + "x") == "refused");
  CHECK(source_of("PROXY TCP4 203.0.113.9 127.0.0.1 4711 443\r\n") == "refused");
  CHECK(source_of("GET / HTTP/1.1\r\n\r\n") == "refused");
  std::string spoilt = proxy_header('\x21', '\x11', v4_rest("203.0.113.9"));
  for (std::size_t at = 0; at < 12; ++at) {
    std::string one = spoilt;
    one[at] = static_cast<char>(one[at] ^ 1);
    CHECK(source_of(one) == "refused");
  }
}

TEST_CASE("an address is forgotten with the last of its connections") {
  AddressPlaces places;
  {
    std::vector<AddressPlaces::Place> taken;
    for (int i = 0; i < 2; ++i) {
      taken.push_back(places.take(address("2001:db8:0:1::" + std::to_string(i)), 2).value());
    }
    CHECK_FALSE(places.take(address("2001:db8:0:1:9::9"), 2).has_value());  // the same 64 bits
    CHECK(places.take(address("2001:db8:0:2::9"), 2).has_value());
    taken.push_back(places.take(address("192.0.2.1"), 1).value());
    CHECK_FALSE(places.take(address("192.0.2.1"), 1).has_value());
    CHECK(places.take(address("192.0.2.2"), 1).has_value());
    for (int i = 0; i < 5; ++i) {
      taken.push_back(places.take(address("127.0.0.1"), 1).value());
    }
    taken.erase(taken.begin());
    CHECK(places.take(address("2001:db8:0:1::3"), 2).has_value());
    CHECK(places.lines() == 3);
  }
  CHECK(places.lines() == 0);
}

/// A server that believes this machine, answers "/wait" when it is let, and the rest at once.
class ProxiedServer {
 public:
  explicit ProxiedServer(bool proxy_protocol, const std::vector<std::string>& trusted = {"127.0.0.1"}) {
    http::ServerOptions options;
    options.limits.max_per_line = 2;
    options.proxies = TrustedProxies::parse(trusted).value();
    options.proxy_protocol = proxy_protocol;
    server_ = serve(
        [this](Request request, const Respond& respond) {
          if (request.target == "/wait") {
            const std::scoped_lock lock(mutex_);
            waiting_.push_back(respond);
          } else {
            echo(std::move(request), respond);
          }
        },
        options);
  }
  ~ProxiedServer() {
    let();
    server_->drain(std::chrono::seconds(60));
  }
  ProxiedServer(const ProxiedServer&) = delete;
  ProxiedServer& operator=(const ProxiedServer&) = delete;

  [[nodiscard]] RawSocket connect() const { return RawSocket(server_->port()); }
  [[nodiscard]] http::HttpServer& server() { return *server_; }
  void wait_for(std::size_t count) {
    for (std::size_t waiting = 0; waiting != count; std::this_thread::yield()) {
      const std::scoped_lock lock(mutex_);
      waiting = waiting_.size();
    }
  }
  void let() {
    const std::scoped_lock lock(mutex_);
    for (const Respond& respond : waiting_) {
      respond({.body = to_bytes("waited")});
    }
    waiting_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<Respond> waiting_;
  std::unique_ptr<http::HttpServer> server_;
};

std::string get(const std::string& path, const std::string& forwarded) {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + forwarded + "\r\n";
}

TEST_CASE("requests of one address through a proxy are limited and those of others are not") {
  ProxiedServer proxied(false);
  const std::string one = "X-Forwarded-For: 203.0.113.9\r\n";
  const RawSocket first = proxied.connect();
  const RawSocket second = proxied.connect();
  const RawSocket third = proxied.connect();
  REQUIRE(first.send(get("/wait", one)));
  REQUIRE(
      second.send(get("/wait", "X-Forwarded-For: 198.51.100.1\r\n" + one)));  // what it invents does not help
  proxied.wait_for(2);
  REQUIRE(third.send(get("/third", one)));
  const std::string refused = third.read_until("\r\n\r\n");
  CHECK(refused.starts_with("HTTP/1.1 429 "));
  CHECK(refused.find("Retry-After: 00000005\r\n") != std::string::npos);
  // One connection of the proxy carries somebody else's request, and the proxy's own.
  const RawSocket fourth = proxied.connect();
  REQUIRE(fourth.send(get("/else", "X-Forwarded-For: 203.0.113.10\r\n") + get("/own", "")));
  CHECK(fourth.read_until("GET /else ").starts_with("HTTP/1.1 200 "));
  CHECK(fourth.read_until("GET /own ").starts_with("HTTP/1.1 200 "));
  proxied.let();
  CHECK(first.read_until("waited").starts_with("HTTP/1.1 200 "));
  CHECK(second.read_until("waited").starts_with("HTTP/1.1 200 "));
  REQUIRE(first.send(get("/again", one)));
  CHECK(first.read_until("GET /again ").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("who is not trusted is not believed") {
  ProxiedServer proxied(false, {"192.0.2.1"});
  std::vector<RawSocket> clients;
  for (std::size_t i = 1; i <= 4; ++i) {
    clients.push_back(proxied.connect());
    REQUIRE(clients.back().send(get("/wait", "X-Forwarded-For: 203.0.113.9\r\n")));
    proxied.wait_for(i);  // it is this machine that asks, which may
  }
}

TEST_CASE("connections of one source of the proxy protocol are limited and those of others are not") {
  ProxiedServer proxied(true);
  const std::string one = proxy_header('\x21', '\x11', v4_rest("203.0.113.9"));
  const RawSocket first = proxied.connect();
  const RawSocket second = proxied.connect();
  for (const RawSocket* client : {&first, &second}) {
    REQUIRE(client->send(one + get("/one", "")));
    CHECK(client->read_until("GET /one ").starts_with("HTTP/1.1 200 "));
  }
  const RawSocket third = proxied.connect();
  REQUIRE(third.send(one));
  CHECK(third.read_to_end().empty());
  const RawSocket other = proxied.connect();
  REQUIRE(other.send(proxy_header('\x21', '\x21', v6_rest("2001:db8::9")) + get("/other", "")));
  CHECK(other.read_until("GET /other ").starts_with("HTTP/1.1 200 "));
  const RawSocket health = proxied.connect();
  REQUIRE(health.send(proxy_header('\x20', '\x00', "") + get("/health", "")));
  CHECK(health.read_until("GET /health ").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("a connection without the header that a proxy must send is closed") {
  ProxiedServer proxied(true);
  const auto begin = GENERATE(values<std::string>({
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      "PROXY TCP4 203.0.113.9 127.0.0.1 4711 443\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
      std::string("\r\n\r\n\0\r\nQUIT\n\x22\x11\x00\x00", 16),
      std::string("\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff", 16),
      std::string("\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x01x", 17),
  }));
  const RawSocket socket = proxied.connect();
  REQUIRE(socket.send(begin));
  CHECK(socket.read_to_end().empty());
}

TEST_CASE("the proxy protocol is for trusted proxies, and whom to trust can change") {
  ProxiedServer proxied(true, {"192.0.2.1"});
  const std::string request = proxy_header('\x21', '\x11', v4_rest("203.0.113.9")) + get("/x", "");
  const RawSocket refused = proxied.connect();
  static_cast<void>(refused.send(request));  // it may be closed already
  CHECK(refused.read_to_end().empty());
  proxied.server().trust(TrustedProxies::parse({"127.0.0.0/8"}).value());
  const RawSocket taken = proxied.connect();
  REQUIRE(taken.send(request));
  CHECK(taken.read_until("GET /x ").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("the header of a proxy stands before tls") {
  const TestCertificate certificate("IP:127.0.0.1");
  http::ServerOptions options = with_tls(certificate);
  options.proxies = TrustedProxies::parse({"127.0.0.1"}).value();
  options.proxy_protocol = true;
  const auto server = serve(echo, options);
  // A proxy of one connection, that speaks for an address and passes bytes on.
  const RawListener front;
  const std::future<void> passing = std::async(std::launch::async, [&] {
    const RawSocket client = front.take();
    const RawSocket behind(server->port());
    REQUIRE(behind.send(proxy_header('\x21', '\x11', v4_rest("203.0.113.9"))));
    RawSocket::pass_on(client, behind);
  });
  http::HttpConnection client =
      connect({true, "127.0.0.1", front.port()}, {.ca_file = certificate.certificate_file()});
  CHECK(text(client.get("/tls").value()) == "GET /tls ");
}

}  // namespace
}  // namespace blindbook::test_support
