// A service and a publisher that know nothing but blindbook.h.
#include <limits>
#include <string>
#include <vector>

#include <blindbook.h>
#include <catch2/catch.hpp>

#include "blindbook/protocol/operator_identity.h"

#include "tests/capi/buffers.h"
#include "tests/protocol/discovery_pump.h"

namespace blindbook {
namespace {

using test_support::berlin;
using test_support::book_of;
using test_support::bytes_from;
using test_support::InMemoryOperator;
using test_support::kNow;
using test_support::text_from;

const std::vector<std::pair<Identifier, std::string>> kSubscribers{{berlin(3), "anna"}, {berlin(7), "ben"}};

struct Service {
  InMemoryOperator city;
  Bytes announcement;
  std::string operator_key = protocol::encode_operator_file(city.root_key());
  std::uint8_t epoch[16] = {};
  bb_server* server = nullptr;
  bb_error error{};

  Service() {
    city.publish(kSubscribers);
    announcement = city.announce();
    REQUIRE(bb_server_new(&server, &error) == BB_OK);
    REQUIRE(add(city.keys().secret.expose()) == BB_OK);
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service() { bb_server_free(server); }

  bb_status add(ByteView secret) {
    return bb_server_add_epoch(server, operator_key.c_str(), announcement.data(), announcement.size(),
                               secret.data(), secret.size(), epoch, &error);
  }

  [[nodiscard]] std::string rule() const { return error.rule; }

  protocol::Blinded blind() {
    return protocol::Ready::begin(city.epoch(), {}).value().blind(book_of(0, 20), 64, city.random()).value();
  }
};

/// Evaluates all of it, in slices.
void evaluate(bb_evaluation* evaluation) {
  std::size_t done = 0;
  std::size_t total = 1;
  while (done < total) {
    REQUIRE(bb_evaluation_step(evaluation, 10, &done, &total, nullptr) == BB_OK);
  }
  REQUIRE(total == 64);
}

Bytes answer_of(bb_evaluation* evaluation, std::uint32_t left) {
  return bytes_from([&](std::uint8_t* out, std::size_t* size) {
    return bb_evaluation_answer(evaluation, left, out, size, nullptr);
  });
}

}  // namespace

TEST_CASE("a service answers so that a client can verify it") {
  Service service;
  auto [waiting, request] = service.blind();
  bb_evaluation* evaluation = nullptr;
  REQUIRE(bb_server_accept(service.server, request.data(), request.size(), kNow.value(), &evaluation,
                           nullptr) == BB_OK);
  CHECK(bb_evaluation_cost(evaluation) == 64);
  std::uint8_t named[32] = {};
  REQUIRE(bb_evaluation_digest(evaluation, named, nullptr) == BB_OK);
  CHECK(Digest(named) == protocol::digest_of_request(request));
  evaluate(evaluation);
  const auto awaiting = std::move(waiting).finish(answer_of(evaluation, 77));
  bb_evaluation_free(evaluation);
  REQUIRE(awaiting);
  CHECK(awaiting->allowance_left() == 77);
  CHECK(*awaiting->outputs().find(berlin(3)) == service.city.evaluate(berlin(3)));
}

TEST_CASE("an answer is one however often it is asked for") {
  Service service;
  const auto blinded = service.blind();
  bb_evaluation* evaluation = nullptr;
  REQUIRE(bb_server_accept(service.server, blinded.request.data(), blinded.request.size(), kNow.value(),
                           &evaluation, nullptr) == BB_OK);
  std::size_t size = 0;
  CHECK(bb_evaluation_answer(evaluation, 5, nullptr, &size, &service.error) == BB_API_MISUSE);
  CHECK(service.rule() == "oprf.not-evaluated");
  evaluate(evaluation);
  const Bytes first = answer_of(evaluation, 5);
  CHECK(answer_of(evaluation, 6) == first);
  bb_evaluation_free(evaluation);
}

TEST_CASE("a request is refused by the rule it breaks") {
  Service service;
  const auto blinded = service.blind();
  bb_evaluation* evaluation = nullptr;
  const auto refused = [&](const Bytes& body, UnixTime now, bb_status status, const std::string& rule) {
    return bb_server_accept(service.server, body.data(), body.size(), now.value(), &evaluation,
                            &service.error) == status &&
           service.rule() == rule && evaluation == nullptr;
  };
  CHECK(refused({}, kNow, BB_PEER_MISBEHAVED, "evaluate.header"));
  Bytes cut = blinded.request;
  cut.pop_back();
  CHECK(refused(cut, kNow, BB_PEER_MISBEHAVED, "evaluate.length"));
  Bytes identity = blinded.request;
  std::fill(identity.end() - 32, identity.end(), 0);
  CHECK(refused(identity, kNow, BB_PEER_MISBEHAVED, "oprf.element"));
  CHECK(refused(blinded.request, UnixTime(InMemoryOperator::not_after().value() + 1), BB_UNAVAILABLE,
                "server.epoch"));
}

TEST_CASE("an epoch is added by its own key and announcement alone") {
  Service service;
  const auto other = InMemoryOperator::suite().derive_key_pair(Secret<32>(), bytes_of("another")).value();
  CHECK(service.add(other.secret.expose()) == BB_BAD_INPUT);
  CHECK(service.rule() == "server.no-epoch");
  CHECK(service.add(Bytes(32, 0)) == BB_BAD_INPUT);
  CHECK(service.rule() == "oprf.secret-key");
  service.announcement.back() ^= 1;
  CHECK(service.add(service.city.keys().secret.expose()) == BB_PEER_MISBEHAVED);
  service.operator_key = "nonsense";
  CHECK(service.add(service.city.keys().secret.expose()) == BB_BAD_INPUT);
  CHECK(service.rule() == "operator.key");
}

TEST_CASE("a directory is the same as the publishers") {
  Service service;
  bb_directory* directory = nullptr;
  REQUIRE(bb_directory_new(service.server, service.epoch, 1, 24, "@{}:city.example", &directory, nullptr) ==
          BB_OK);
  for (const auto& [identifier, label] : kSubscribers) {
    REQUIRE(bb_directory_add(directory, std::string(identifier.e164()).c_str(),
                             ("@" + label + ":city.example").c_str(), nullptr) == BB_OK);
  }
  CHECK(bb_directory_add(directory, "030 23125000", "@x:city.example", &service.error) == BB_BAD_INPUT);
  CHECK(service.rule() == "identifier.syntax");
  CHECK(bb_directory_add(directory, "+493023125000", "@x:county.example", &service.error) == BB_BAD_INPUT);
  CHECK(service.rule() == "label.template");
  CHECK(bb_directory_add(directory, "+493023125000", "@x\ny:city.example", &service.error) == BB_BAD_INPUT);
  CHECK(service.rule() == "label.syntax");
  CHECK(bb_directory_add(directory, "+493023125000", "@12345678901234567890123:city.example",
                         &service.error) == BB_BAD_INPUT);
  CHECK(service.rule() == "label.length");
  std::uint8_t root[32] = {};
  const Bytes file = bytes_from([&](std::uint8_t* out, std::size_t* size) {
    return bb_directory_finish(directory, out, size, root, nullptr);
  });
  CHECK(file == service.city.directory_file());
  CHECK(Root(root) == service.city.epoch().root);
  CHECK(bb_directory_add(directory, "+493023125000", "@x:city.example", &service.error) == BB_API_MISUSE);
  CHECK(service.rule() == "run.order");
  bb_directory_free(directory);
}

TEST_CASE("a directory is of an epoch that the server has") {
  Service service;
  bb_directory* directory = nullptr;
  const std::uint8_t other[16] = {};
  CHECK(bb_directory_new(service.server, other, 1, 0, "", &directory, &service.error) == BB_API_MISUSE);
  CHECK(service.rule() == "server.no-epoch");
  CHECK(bb_directory_new(service.server, service.epoch, 1, 24, "no place", &directory, &service.error) ==
        BB_BAD_INPUT);
  CHECK(service.rule() == "label.template");
  for (const auto& [edition, label_bytes] : {std::pair(0, 24), {1, 1}, {1, 513}, {1, 65'535}}) {
    CHECK(bb_directory_new(service.server, service.epoch, static_cast<std::uint32_t>(edition),
                           static_cast<std::uint16_t>(label_bytes), "", &directory,
                           &service.error) == BB_BAD_INPUT);
    CHECK(service.rule() == "directory.header");
  }
  CHECK(directory == nullptr);
}

TEST_CASE("an allowance is spent and refilled") {
  const bb_allowance_policy policy{100, 200, 86'400};
  bb_allowance allowance{};
  REQUIRE(bb_allowance_new(&policy, 1'000, &allowance, nullptr) == BB_OK);
  std::uint32_t left = 0;
  std::uint64_t retry = 1;
  REQUIRE(bb_allowance_spend(&policy, &allowance, 64, 1'000, &left, &retry, nullptr) == BB_OK);
  CHECK(left == 36);
  CHECK(retry == 0);
  bb_error error{};
  CHECK(bb_allowance_spend(&policy, &allowance, 64, 1'000, &left, &retry, &error) == BB_SPENT);
  CHECK(std::string(error.rule) == "service.allowance");
  CHECK(left == 36);
  CHECK(retry == 28);
  CHECK(bb_allowance_spend(&policy, &allowance, 64, 1'028, &left, &retry, nullptr) == BB_OK);
  CHECK(left == 0);
  CHECK(bb_allowance_spend(&policy, &allowance, 201, 1'028, nullptr, &retry, nullptr) == BB_SPENT);
  CHECK(retry == std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("a token is accepted from its issuer for its audience and its time") {
  const Bytes key(BB_KEY_BYTES, 9);
  std::uint8_t public_key[32] = {};
  REQUIRE(bb_token_public_key(key.data(), public_key, nullptr) == BB_OK);
  bb_token_request request{"city", "k1", "0011", "anna", kNow.value(), 600};
  const std::string token = text_from(
      [&](char* out, std::size_t* size) { return bb_token_mint(key.data(), &request, out, size, nullptr); });
  bb_tokens* tokens = nullptr;
  REQUIRE(bb_tokens_new("0011", &tokens, nullptr) == BB_OK);
  bb_error error{};
  char issuer[64];
  char account[256];
  std::size_t issuer_size = sizeof issuer;
  std::size_t account_size = sizeof account;
  const auto check = [&](std::uint64_t now) {
    issuer_size = sizeof issuer;
    account_size = sizeof account;
    return bb_tokens_check(tokens, token.c_str(), now, issuer, &issuer_size, account, &account_size, &error);
  };
  CHECK(check(kNow.value()) == BB_BAD_INPUT);
  CHECK(std::string(error.rule) == "token.key");
  REQUIRE(bb_tokens_add_issuer(tokens, "city", "k1", public_key, nullptr) == BB_OK);
  REQUIRE(check(kNow.value()) == BB_OK);
  CHECK(std::string(issuer) == "city");
  CHECK(std::string(account) == "anna");
  CHECK(check(kNow.value() + 700) == BB_BAD_INPUT);
  CHECK(std::string(error.rule) == "token.expired");
  CHECK(bb_tokens_add_issuer(tokens, "county", "k1", public_key, &error) == BB_API_MISUSE);
  CHECK(std::string(error.rule) == "capi.kid");
  account_size = 2;
  issuer_size = sizeof issuer;
  CHECK(bb_tokens_check(tokens, token.c_str(), kNow.value(), issuer, &issuer_size, account, &account_size,
                        &error) == BB_SHORT_BUFFER);
  CHECK(account_size == 5);
  bb_tokens_free(tokens);
  std::size_t room = 0;
  request.issued_at = std::numeric_limits<std::uint64_t>::max();
  CHECK(bb_token_mint(key.data(), &request, nullptr, &room, &error) == BB_API_MISUSE);
  CHECK(std::string(error.rule) == "capi.time");
  request.issued_at = kNow.value();
  request.kid = "\xff";
  CHECK(bb_token_mint(key.data(), &request, nullptr, &room, &error) == BB_BAD_INPUT);
  CHECK(std::string(error.rule) == "token.claims");
  request.kid = "k1";
  request.life = 90'000;
  std::size_t size = 0;
  CHECK(bb_token_mint(key.data(), &request, nullptr, &size, &error) == BB_BAD_INPUT);
  CHECK(std::string(error.rule) == "token.lifetime");
}

TEST_CASE("null where a server may have none is misuse") {
  Service service;
  bb_error* const error = &service.error;
  const auto misuses_null = [&](bb_status status) {
    return status == BB_API_MISUSE && service.rule() == "capi.null";
  };
  std::uint8_t bytes[32] = {};
  std::size_t size = 0;
  bb_evaluation* evaluation = nullptr;
  bb_directory* directory = nullptr;
  bb_tokens* tokens = nullptr;
  const bb_allowance_policy policy{1, 1, 1};
  bb_allowance allowance{};
  const bb_token_request empty{};
  CHECK(misuses_null(bb_server_new(nullptr, error)));
  CHECK(misuses_null(bb_server_add_epoch(nullptr, "", bytes, 1, bytes, 1, bytes, error)));
  CHECK(misuses_null(bb_server_add_epoch(service.server, nullptr, bytes, 1, bytes, 1, bytes, error)));
  CHECK(misuses_null(bb_server_add_epoch(service.server, "", nullptr, 1, bytes, 1, bytes, error)));
  CHECK(misuses_null(bb_server_add_epoch(service.server, "", bytes, 1, nullptr, 1, bytes, error)));
  CHECK(misuses_null(bb_server_add_epoch(service.server, "", bytes, 1, bytes, 1, nullptr, error)));
  CHECK(misuses_null(bb_server_accept(nullptr, bytes, 1, 0, &evaluation, error)));
  CHECK(misuses_null(bb_server_accept(service.server, nullptr, 1, 0, &evaluation, error)));
  CHECK(misuses_null(bb_server_accept(service.server, bytes, 1, 0, nullptr, error)));
  CHECK(misuses_null(bb_evaluation_digest(nullptr, bytes, error)));
  CHECK(misuses_null(bb_evaluation_step(nullptr, 1, nullptr, nullptr, error)));
  CHECK(misuses_null(bb_evaluation_answer(nullptr, 0, nullptr, &size, error)));
  CHECK(misuses_null(bb_allowance_new(nullptr, 0, &allowance, error)));
  CHECK(misuses_null(bb_allowance_new(&policy, 0, nullptr, error)));
  CHECK(misuses_null(bb_allowance_spend(nullptr, &allowance, 0, 0, nullptr, nullptr, error)));
  CHECK(misuses_null(bb_allowance_spend(&policy, nullptr, 0, 0, nullptr, nullptr, error)));
  CHECK(misuses_null(bb_directory_new(nullptr, bytes, 1, 0, "", &directory, error)));
  CHECK(misuses_null(bb_directory_new(service.server, nullptr, 1, 0, "", &directory, error)));
  CHECK(misuses_null(bb_directory_new(service.server, bytes, 1, 0, nullptr, &directory, error)));
  CHECK(misuses_null(bb_directory_new(service.server, bytes, 1, 0, "", nullptr, error)));
  CHECK(misuses_null(bb_directory_add(nullptr, "", "", error)));
  CHECK(misuses_null(bb_directory_finish(nullptr, nullptr, &size, bytes, error)));
  CHECK(misuses_null(bb_token_mint(nullptr, &empty, nullptr, &size, error)));
  CHECK(misuses_null(bb_token_mint(bytes, nullptr, nullptr, &size, error)));
  CHECK(misuses_null(bb_token_mint(bytes, &empty, nullptr, &size, error)));
  CHECK(misuses_null(bb_token_public_key(nullptr, bytes, error)));
  CHECK(misuses_null(bb_tokens_new(nullptr, &tokens, error)));
  CHECK(misuses_null(bb_tokens_new("", nullptr, error)));
  CHECK(misuses_null(bb_tokens_add_issuer(nullptr, "", "", bytes, error)));
  CHECK(misuses_null(bb_tokens_check(nullptr, "", 0, nullptr, &size, nullptr, &size, error)));
  CHECK(bb_evaluation_cost(nullptr) == 0);
  bb_server_free(nullptr);
  bb_evaluation_free(nullptr);
  bb_directory_free(nullptr);
  bb_tokens_free(nullptr);
  bb_client_free(nullptr);
}

}  // namespace blindbook
