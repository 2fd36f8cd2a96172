// What a whole service makes of clients that cheat: with points, with tokens, with repetition, and with many hands at once.
#include <algorithm>
#include <future>
#include <set>
#include <thread>

#include <nlohmann/json.hpp>

#include "blindbook/service/sqlite_ledger.h"

#include "tests/service/application/test_service.h"
#include "tests/service/http/raw_socket.h"

namespace blindbook::test_support {
namespace {

using nlohmann::json;

constexpr std::size_t kElementBytes = 32;

TEST_CASE("an invalid point is refused for free at every position of a batch and named by it") {
  // One of each kind of RFC 9496 appendix A.3, and the identity.
  const auto [kind, encoding] = GENERATE(table<std::string, std::string>({
      {"identity", "0000000000000000000000000000000000000000000000000000000000000000"},
      {"not canonical", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
      {"not canonical, high bit", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
      {"negative", "0100000000000000000000000000000000000000000000000000000000000000"},
      {"not a square", "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371"},
      {"negative product", "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e"},
      {"zero y", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
  }));
  INFO(kind);
  TestService service;
  http::HttpConnection client = service.connect();
  const Bytes good = service.request(16).body;
  const Bytes bad = from_hex(encoding).value();
  for (std::size_t position = 0; position < 16; ++position) {
    Bytes body = good;
    std::copy(
        bad.begin(), bad.end(),
        body.begin() + static_cast<std::ptrdiff_t>(protocol::kRequestHeaderBytes + kElementBytes * position));
    const http::Answer answer = evaluate(client, service.token("alice"), body);
    CHECK(answer.status == 400);
    CHECK(problem_name(answer) == "element");
    CHECK(text_of(answer.body).find("element " + std::to_string(position)) != std::string_view::npos);
  }
  CHECK(service.ledger.charges().empty());
  CHECK(evaluate(client, service.token("alice"), good).status == 200);
}

/// A token in compact form, signed by `key` whatever it says.
std::string signed_token(const protocol::Ed25519SecretKey& key, const json& header, const json& claims) {
  std::string token = to_base64url(bytes_of(header.dump()));
  token.append(".").append(to_base64url(bytes_of(claims.dump())));
  const protocol::Ed25519Signature signature = key.sign({bytes_of(token)});
  return "Bearer " + token.append(".").append(to_base64url(signature.view()));
}

TEST_CASE("tokens of every wrong kind get one answer and buy nothing") {
  TestService service;
  http::HttpConnection client = service.connect();
  const Bytes body = service.request(16).body;
  const std::uint64_t now = service.now;
  const json header{{"alg", "EdDSA"}, {"kid", "k1"}, {"typ", "JWT"}};
  const json claims{{"iss", "messenger"}, {"sub", "alice"}, {"aud", "city"},      {"iat", now},
                    {"exp", now + 600},   {"jti", "j"},     {"scope", "evaluate"}};
  const auto with = [](json object, const char* member, json value) {
    object[member] = std::move(value);
    return object;
  };
  const auto without = [](json object, const char* member) {
    object.erase(member);
    return object;
  };
  const std::string good = signed_token(service.issuer(), header, claims);
  REQUIRE(evaluate(client, good, body).status == 200);
  const std::size_t charged = service.ledger.charges().size();
  SystemRandom random;
  const protocol::Ed25519SecretKey other = protocol::Ed25519SecretKey::generate(random);
  const std::size_t dot = good.rfind('.');
  const std::vector<std::string> wrong{
      "",
      "Bearer",
      "Bearer .",
      "Bearer ..",
      "Basic YWxpY2U6c2VzYW1l",
      good.substr(7),
      good.substr(0, dot),
      good.substr(0, dot + 1),
      good + ".x",
      good + "=",
      good.substr(0, good.size() - 4) + "AAAA",
      signed_token(other, header, claims),
      signed_token(service.issuer(), with(header, "alg", "none"), claims),
      signed_token(service.issuer(), with(header, "alg", "HS256"), claims),
      signed_token(service.issuer(), with(header, "alg", "ES256"), claims),
      signed_token(service.issuer(), with(header, "kid", "k2"), claims),
      signed_token(service.issuer(), with(header, "crit", json::array({"b64"})), claims),
      signed_token(service.issuer(), with(header, "jku", "https://evil.example/keys"), claims),
      signed_token(service.issuer(), with(header, "jwk", json::object()), claims),
      signed_token(service.issuer(), without(header, "typ"), claims),
      signed_token(service.issuer(), header, with(claims, "iss", "elsewhere")),
      signed_token(service.issuer(), header, with(claims, "aud", "town")),
      signed_token(service.issuer(), header, with(claims, "sub", "")),
      signed_token(service.issuer(), header, with(claims, "sub", std::string(256, 'a'))),
      signed_token(service.issuer(), header, with(claims, "sub", json::array({"alice", "bob"}))),
      signed_token(service.issuer(), header, with(with(claims, "iat", now - 700), "exp", now - 61)),
      signed_token(service.issuer(), header, with(with(claims, "iat", now + 61), "exp", now + 600)),
      signed_token(service.issuer(), header, with(claims, "exp", now + 86'401)),
      signed_token(service.issuer(), header, with(claims, "exp", now)),
      signed_token(service.issuer(), header, with(claims, "scope", "resolve")),
      signed_token(service.issuer(), header, with(claims, "scope", "")),
      signed_token(service.issuer(), header, without(claims, "jti")),
      signed_token(service.issuer(), header, with(claims, "role", "admin")),
      "Bearer " + std::string(protocol::kMaxTokenBytes + 1, 'A'),
  };
  std::set<std::uint64_t> lengths;
  for (const std::string& token : wrong) {
    INFO(token);
    const http::Answer answer = evaluate(client, token, body);
    CHECK(answer.status == 401);
    CHECK(problem_name(answer) == "token");
    lengths.insert(client.last_attempts().back().head_received + client.last_attempts().back().body_received);
  }
  CHECK(lengths.size() == 1);
  CHECK(service.ledger.charges().size() == charged);
}

/// A service on a real ledger, whose accounts have `allowance` and never more.
struct LedgerService {
  explicit LedgerService(std::uint32_t allowance)
      : ledger(service::SqliteLedger::open(folder / "blindbook.db",
                                           {.initial = allowance, .capacity = allowance, .refill_per_day = 0})
                   .value()) {
    city.ledger.real = ledger.get();
  }

  /// Sends all bodies at once, each over a connection of its own, and counts the answers by "status name".
  std::map<std::string, int> send(const std::vector<Bytes>& bodies, const std::string& account) {
    const std::string token = city.token(account);
    std::vector<std::future<std::string>> answers;
    for (const Bytes& body : bodies) {
      answers.push_back(std::async(std::launch::async, [&] {
        http::HttpConnection client = city.connect();
        const http::Answer answer = evaluate(client, token, body);
        return std::to_string(answer.status) + " " + problem_name(answer);
      }));
    }
    std::map<std::string, int> out;
    for (std::future<std::string>& answer : answers) {
      ++out[answer.get()];
    }
    return out;
  }

  TemporaryFolder folder;
  std::unique_ptr<service::SqliteLedger> ledger;
  TestService city{2, 64, 8};
};

TEST_CASE("one account that asks from many connections at once cannot overspend") {
  LedgerService service(3 * 64);
  std::vector<Bytes> bodies;
  for (int i = 0; i < 24; ++i) {
    bodies.push_back(service.city.request(64).body);
  }
  const std::map<std::string, int> answers = service.send(bodies, "alice");
  CHECK(answers == std::map<std::string, int>{{"200 ", 3}, {"429 allowance", 21}});
  // The allowance of somebody else is whole.
  CHECK(service.send({bodies.front()}, "bob") == std::map<std::string, int>{{"200 ", 1}});
}

TEST_CASE("a request replayed from many connections at once is charged once and answered nine times") {
  LedgerService service(64);
  const std::vector<Bytes> bodies(24, service.city.request(64).body);
  const std::map<std::string, int> answers = service.send(bodies, "alice");
  CHECK(answers == std::map<std::string, int>{{"200 ", 9}, {"429 retries", 15}});
  // By another account it is another request.
  CHECK(service.send({bodies.front()}, "bob") == std::map<std::string, int>{{"200 ", 1}});
}

TEST_CASE("many connections that are idle, slow to send and slow to read keep nobody from an answer") {
  TestService service(2, 64, 8);
  const std::uint16_t port = service.server().port();
  std::vector<RawSocket> idle;
  std::vector<RawSocket> writers;
  std::vector<RawSocket> readers;
  for (int i = 0; i < 150; ++i) {
    idle.emplace_back(port);
  }
  for (int i = 0; i < 20; ++i) {
    writers.emplace_back(port);
    const std::string account = "slow-" + std::to_string(i);
    REQUIRE(writers.back().send(
        "POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nAuthorization: " + service.token(account) +
        "\r\nContent-Length: 100000\r\n\r\n" + std::string(50'000, 'x')));
    readers.emplace_back(port);
    REQUIRE(readers.back().send("GET " + service.directory_path() + " HTTP/1.1\r\nHost: x\r\n\r\n"));
  }
  const Bytes body = service.request(64).body;
  for (int i = 0; i < 30; ++i) {
    http::HttpConnection client = service.connect();
    CHECK(evaluate(client, service.token("account-" + std::to_string(i)), body).status == 200);
  }
  // Nobody was cut off for it, and each gets what it asks for in the end.
  CHECK(service.server().connections() >= 190);
  REQUIRE(idle.front().send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  CHECK(idle.front().read_to_end().ends_with("ok\n"));
  REQUIRE(writers.front().send(std::string(50'000, 'x')));
  CHECK(writers.front().read_until("\r\n\r\n").starts_with("HTTP/1.1 400 "));
  CHECK(readers.front().read_until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace blindbook::test_support
