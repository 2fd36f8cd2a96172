// A client that knows nothing but blindbook.h, against an operator without a socket.
#include <string>
#include <vector>

#include <blindbook.h>
#include <catch2/catch.hpp>

#include "blindbook/protocol/invitation.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/protocol/token.h"

#include "tests/capi/buffers.h"
#include "tests/protocol/in_memory_operator.h"

namespace blindbook {
namespace {

using test_support::berlin;
using test_support::bytes_from;
using test_support::InMemoryOperator;
using test_support::kNow;
using test_support::text_from;

struct Device {
  InMemoryOperator city;
  Bytes key = Bytes(BB_KEY_BYTES, 7);
  Bytes saved;
  std::string invitation =
      protocol::encode_invitation({.host = "city.example", .port = 443, .root = city.root_key()});
  std::string token = protocol::mint_token(protocol::Ed25519SecretKey::generate(city.random()),
                                           {.issuer = "city",
                                            .kid = "k1",
                                            .audience = protocol::fingerprint_of(city.root_key()).hex(),
                                            .account = "anna",
                                            .issued_at = kNow},
                                           city.random())
                          .value();
  bb_client* client = nullptr;
  bb_error error{};

  Device() {
    city.publish({{berlin(3), "anna"}, {berlin(7), "ben"}, {berlin(500), "stranger"}});
    open();
  }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  ~Device() { bb_client_free(client); }

  void open() {
    bb_client_free(client);
    client = nullptr;
    REQUIRE(bb_client_new(invitation.c_str(), key.data(), saved.data(), saved.size(), &client, &error) ==
            BB_OK);
    for (int i = 0; i < 20; ++i) {
      REQUIRE(bb_client_add_identifier(client, std::string(berlin(i).e164()).c_str(), &error) == BB_OK);
    }
  }

  bb_status begin() { return bb_client_begin(client, token.c_str(), kNow.value(), 0, &error); }

  void save() {
    saved = bytes_from(
        [&](std::uint8_t* out, std::size_t* size) { return bb_client_state(client, out, size, &error); });
    REQUIRE(bb_client_state_changed(client) == 0);
  }

  Bytes request() {
    return bytes_from(
        [&](std::uint8_t* out, std::size_t* size) { return bb_client_request(client, out, size, &error); });
  }

  bb_status step() {
    switch (bb_client_need(client)) {
      case BB_NEED_ANNOUNCEMENT: {
        const Bytes object = city.announce();
        return bb_client_take_announcement(client, object.data(), object.size(), &error);
      }
      case BB_NEED_STEP: {
        std::size_t done = 0;
        std::size_t total = 0;
        const bb_status status = bb_step(client, 10, &done, &total, &error);
        CHECK(done <= total);
        return status;
      }
      case BB_NEED_ANSWER: {
        save();
        const Bytes answer = city.answer(request()).value();
        return bb_client_take_answer(client, answer.data(), answer.size(), &error);
      }
      case BB_NEED_DIRECTORY: {
        const Bytes& file = city.directory_file();
        if (const bb_status fed = bb_client_feed_directory(client, file.data(), file.size(), &error);
            fed != BB_OK) {
          return fed;
        }
        return bb_client_finish_directory(client, &error);
      }
      case BB_NEED_NOTHING:
        break;
    }
    return BB_OK;
  }

  void drive(bb_need until = BB_NEED_NOTHING) {
    while (bb_client_need(client) != until && bb_client_need(client) != BB_NEED_NOTHING) {
      REQUIRE(step() == BB_OK);
    }
  }

  std::vector<std::string> matches() {
    bb_result result{};
    REQUIRE(bb_client_result(client, &result, &error) == BB_OK);
    std::vector<std::string> out;
    for (std::size_t i = 0; i < result.matches; ++i) {
      char number[17];
      char label[64];
      std::size_t number_size = sizeof number;
      std::size_t label_size = sizeof label;
      REQUIRE(bb_client_match(client, i, number, &number_size, label, &label_size, &error) == BB_OK);
      out.push_back(std::string(number) + " " + label);
    }
    return out;
  }
};

const std::vector<std::string> kAnnaAndBen{"+493023125003 @anna:city.example",
                                           "+493023125007 @ben:city.example"};

}  // namespace

TEST_CASE("the library says which it is") {
  CHECK(bb_abi_version() == BB_ABI_VERSION);
  CHECK(std::string(bb_version()).find('.') != std::string::npos);
}

TEST_CASE("a client finds exactly the contacts who subscribe with their labels") {
  Device device;
  REQUIRE(device.begin() == BB_OK);
  device.drive();
  CHECK(device.matches() == kAnnaAndBen);
  bb_result result{};
  REQUIRE(bb_client_result(device.client, &result, nullptr) == BB_OK);
  CHECK(result.evaluated == 20);
  CHECK(result.not_looked_up == 0);
  CHECK(result.partial == 0);
  CHECK(result.allowance_left == 5000);
  CHECK(result.edition == 1);
}

TEST_CASE("the service is where the invitation says") {
  Device device;
  const auto url = text_from(
      [&](char* out, std::size_t* size) { return bb_client_service_url(device.client, out, size, nullptr); });
  CHECK(url == "https://city.example");
}

TEST_CASE("a request cannot be had before the state that holds it") {
  Device device;
  REQUIRE(device.begin() == BB_OK);
  device.drive(BB_NEED_ANSWER);
  std::size_t size = 0;
  CHECK(bb_client_request(device.client, nullptr, &size, &device.error) == BB_API_MISUSE);
  CHECK(std::string(device.error.rule) == "capi.unsaved");
  CHECK(std::string(device.error.hint).find("bb_client_state()") != std::string::npos);
  device.save();
  CHECK_FALSE(device.request().empty());
}

TEST_CASE("a client that was cut off sends the same request again and finds the same") {
  Device device;
  REQUIRE(device.begin() == BB_OK);
  device.drive(BB_NEED_ANSWER);
  device.save();
  const Bytes sent = device.request();
  device.open();
  REQUIRE(device.begin() == BB_OK);
  device.drive(BB_NEED_ANSWER);
  device.save();
  CHECK(device.request() == sent);
  device.drive();
  CHECK(device.matches() == kAnnaAndBen);
}

TEST_CASE("a second run asks for no number again") {
  Device device;
  REQUIRE(device.begin() == BB_OK);
  device.drive();
  device.save();
  device.open();
  REQUIRE(device.begin() == BB_OK);
  device.drive();
  CHECK(device.matches() == kAnnaAndBen);
  bb_result result{};
  REQUIRE(bb_client_result(device.client, &result, nullptr) == BB_OK);
  CHECK(result.evaluated == 0);
}

TEST_CASE("a directory can be fetched again when its download failed") {
  Device device;
  REQUIRE(device.begin() == BB_OK);
  device.drive(BB_NEED_DIRECTORY);
  const Bytes& file = device.city.directory_file();
  REQUIRE(bb_client_feed_directory(device.client, file.data(), 30, nullptr) == BB_OK);
  REQUIRE(bb_client_restart_directory(device.client, nullptr) == BB_OK);
  device.drive();
  CHECK(device.matches() == kAnnaAndBen);
}

TEST_CASE("a state opens with its own key and for its own operator alone") {
  Device device;
  REQUIRE(device.begin() == BB_OK);
  device.drive();
  device.save();
  bb_client* other = nullptr;
  bb_error error{};
  const Bytes other_key(BB_KEY_BYTES, 8);
  CHECK(bb_client_new(device.invitation.c_str(), other_key.data(), device.saved.data(), device.saved.size(),
                      &other, &error) == BB_BAD_INPUT);
  CHECK(std::string(error.rule) == "state.key");
  const InMemoryOperator county(2);
  const std::string invitation =
      protocol::encode_invitation({.host = "county.example", .port = 443, .root = county.root_key()});
  CHECK(bb_client_new(invitation.c_str(), device.key.data(), device.saved.data(), device.saved.size(), &other,
                      &error) == BB_BAD_INPUT);
  CHECK(std::string(error.rule) == "state.operator");
  CHECK(other == nullptr);
}

TEST_CASE("a step that the run does not wait for is misuse") {
  Device device;
  bb_error* const error = &device.error;
  const std::uint8_t byte = 0;
  const auto misuses_order = [&](bb_status status) {
    return status == BB_API_MISUSE && std::string(error->rule) == "run.order";
  };
  std::size_t size = 0;
  bb_result result{};
  // Before there is a run, while one waits for the announcement, and after one has failed.
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    CHECK(misuses_order(bb_step(device.client, 1, nullptr, nullptr, error)));
    CHECK(misuses_order(bb_client_request(device.client, nullptr, &size, error)));
    CHECK(misuses_order(bb_client_take_answer(device.client, &byte, 1, error)));
    CHECK(misuses_order(bb_client_take_refusal(device.client, BB_REFUSED_EPOCH_GONE, error)));
    CHECK(misuses_order(bb_client_directory_path(device.client, nullptr, &size, error)));
    CHECK(misuses_order(bb_client_restart_directory(device.client, error)));
    CHECK(misuses_order(bb_client_feed_directory(device.client, &byte, 1, error)));
    CHECK(misuses_order(bb_client_finish_directory(device.client, error)));
    CHECK(misuses_order(bb_client_directory_gone(device.client, error)));
    CHECK(misuses_order(bb_client_result(device.client, &result, error)));
    if (round == 0) {
      CHECK(misuses_order(bb_client_take_announcement(device.client, &byte, 1, error)));
      REQUIRE(device.begin() == BB_OK);
    } else if (round == 1) {
      CHECK(misuses_order(bb_client_add_identifier(device.client, "+493023125900", error)));
      CHECK(bb_client_take_announcement(device.client, &byte, 1, error) == BB_UNAVAILABLE);
      CHECK(bb_client_need(device.client) == BB_NEED_NOTHING);
    }
  }
}

TEST_CASE("a refusal that there is not is misuse and changes nothing") {
  Device device;
  REQUIRE(device.begin() == BB_OK);
  device.drive(BB_NEED_ANSWER);
  CHECK(bb_client_take_refusal(device.client, 9, &device.error) == BB_API_MISUSE);
  CHECK(std::string(device.error.rule) == "capi.refusal");
  device.drive();
  CHECK(device.matches() == kAnnaAndBen);
}

TEST_CASE("an epoch that has gone and a spent allowance are taken as the run takes them") {
  Device device;
  REQUIRE(device.begin() == BB_OK);
  device.drive(BB_NEED_ANSWER);
  REQUIRE(bb_client_take_refusal(device.client, BB_REFUSED_EPOCH_GONE, nullptr) == BB_OK);
  CHECK(bb_client_need(device.client) == BB_NEED_ANNOUNCEMENT);
  device.drive(BB_NEED_ANSWER);
  CHECK(bb_client_take_refusal(device.client, BB_REFUSED_ALLOWANCE_SPENT, &device.error) == BB_SPENT);
  CHECK(std::string(device.error.rule) == "service.allowance");
}

TEST_CASE("a directory that has gone makes a client ask for the announcement") {
  Device device;
  REQUIRE(device.begin() == BB_OK);
  device.drive(BB_NEED_DIRECTORY);
  const auto path = text_from([&](char* out, std::size_t* size) {
    return bb_client_directory_path(device.client, out, size, nullptr);
  });
  CHECK(path == "/v1/directory/" + device.city.epoch().id.hex() + "/1");
  device.city.publish({{berlin(4), "cleo"}});
  REQUIRE(bb_client_directory_gone(device.client, nullptr) == BB_OK);
  device.drive();
  CHECK(device.matches() == std::vector<std::string>{"+493023125004 @cleo:city.example"});
}

TEST_CASE("evidence of a fork can be had") {
  Device device;
  const auto evidence = [&] {
    return bytes_from([&](std::uint8_t* out, std::size_t* size) {
      return bb_client_evidence(device.client, out, size, nullptr);
    });
  };
  REQUIRE(device.begin() == BB_OK);
  device.drive();
  CHECK(evidence().empty());
  InMemoryOperator twin;
  twin.publish({{berlin(9), "other"}});
  const Bytes object = twin.announce();
  REQUIRE(device.begin() == BB_OK);
  CHECK(bb_client_take_announcement(device.client, object.data(), object.size(), &device.error) ==
        BB_PEER_MISBEHAVED);
  CHECK(std::string(device.error.rule) == "history.fork");
  CHECK_FALSE(evidence().empty());
}

TEST_CASE("an answer of another session is the peers fault and costs no state") {
  Device device;
  Device other;
  REQUIRE(device.begin() == BB_OK);
  REQUIRE(other.begin() == BB_OK);
  device.drive(BB_NEED_ANSWER);
  other.drive(BB_NEED_ANSWER);
  device.save();
  other.save();
  const Bytes answer = other.city.answer(other.request()).value();
  CHECK(bb_client_take_answer(device.client, answer.data(), answer.size(), &device.error) ==
        BB_PEER_MISBEHAVED);
  CHECK(std::string(device.error.rule) == "answer.echo");
  REQUIRE(device.begin() == BB_OK);
  device.drive();
  CHECK(device.matches() == kAnnaAndBen);
}

TEST_CASE("null where it may not be is misuse") {
  Device device;
  bb_error* const error = &device.error;
  bb_client* const client = device.client;
  const auto misuses_null = [&](bb_status status) {
    return status == BB_API_MISUSE && std::string(error->rule) == "capi.null";
  };
  std::size_t size = 5;
  bb_client* made = nullptr;
  CHECK(misuses_null(bb_client_new(nullptr, device.key.data(), nullptr, 0, &made, error)));
  CHECK(misuses_null(bb_client_new(device.invitation.c_str(), nullptr, nullptr, 0, &made, error)));
  CHECK(misuses_null(bb_client_new(device.invitation.c_str(), device.key.data(), nullptr, 1, &made, error)));
  CHECK(
      misuses_null(bb_client_new(device.invitation.c_str(), device.key.data(), nullptr, 0, nullptr, error)));
  CHECK(misuses_null(bb_client_service_url(nullptr, nullptr, &size, error)));
  CHECK(misuses_null(bb_client_service_url(client, nullptr, &size, error)));
  CHECK(misuses_null(bb_client_service_url(client, nullptr, nullptr, error)));
  CHECK(misuses_null(bb_client_add_identifier(nullptr, "+493023125000", error)));
  CHECK(misuses_null(bb_client_add_identifier(client, nullptr, error)));
  CHECK(misuses_null(bb_client_begin(nullptr, device.token.c_str(), 0, 0, error)));
  CHECK(misuses_null(bb_client_begin(client, nullptr, 0, 0, error)));
  CHECK(misuses_null(bb_client_state(nullptr, nullptr, &size, error)));
  CHECK(misuses_null(bb_client_take_announcement(nullptr, nullptr, 0, error)));
  CHECK(misuses_null(bb_client_take_announcement(client, nullptr, 1, error)));
  CHECK(misuses_null(bb_client_evidence(nullptr, nullptr, &size, error)));
  CHECK(misuses_null(bb_step(nullptr, 1, nullptr, nullptr, error)));
  CHECK(misuses_null(bb_client_request(nullptr, nullptr, &size, error)));
  CHECK(misuses_null(bb_client_take_answer(nullptr, nullptr, 0, error)));
  CHECK(misuses_null(bb_client_take_answer(client, nullptr, 1, error)));
  CHECK(misuses_null(bb_client_take_refusal(nullptr, BB_REFUSED_EPOCH_GONE, error)));
  CHECK(misuses_null(bb_client_directory_path(nullptr, nullptr, &size, error)));
  CHECK(misuses_null(bb_client_restart_directory(nullptr, error)));
  CHECK(misuses_null(bb_client_feed_directory(nullptr, nullptr, 0, error)));
  CHECK(misuses_null(bb_client_feed_directory(client, nullptr, 1, error)));
  CHECK(misuses_null(bb_client_finish_directory(nullptr, error)));
  CHECK(misuses_null(bb_client_directory_gone(nullptr, error)));
  CHECK(misuses_null(bb_client_result(nullptr, nullptr, error)));
  CHECK(misuses_null(bb_client_match(nullptr, 0, nullptr, &size, nullptr, &size, error)));
  CHECK(misuses_null(bb_random(nullptr, 1, error)));
  CHECK(bb_client_need(nullptr) == BB_NEED_NOTHING);
  CHECK(bb_client_state_changed(nullptr) == 0);
  // Whoever wants no error gets none.
  CHECK(bb_client_add_identifier(client, nullptr, nullptr) == BB_API_MISUSE);
}

TEST_CASE("bad input is named and changes nothing") {
  Device device;
  CHECK(bb_client_add_identifier(device.client, "030 23125000", &device.error) == BB_BAD_INPUT);
  CHECK(std::string(device.error.rule) == "identifier.syntax");
  CHECK(bb_client_begin(device.client, "no token", kNow.value(), 0, &device.error) == BB_BAD_INPUT);
  CHECK(std::string(device.error.rule) == "token.encoding");
  bb_client* client = nullptr;
  CHECK(bb_client_new("https://city.example", device.key.data(), nullptr, 0, &client, &device.error) ==
        BB_BAD_INPUT);
  CHECK(std::string(device.error.rule) == "invitation.syntax");
  REQUIRE(device.begin() == BB_OK);
  device.drive();
  CHECK(device.matches() == kAnnaAndBen);
}

TEST_CASE("a match says what room it takes") {
  Device device;
  REQUIRE(device.begin() == BB_OK);
  device.drive();
  std::size_t number = 0;
  std::size_t label = 0;
  CHECK(bb_client_match(device.client, 0, nullptr, &number, nullptr, &label, &device.error) ==
        BB_SHORT_BUFFER);
  CHECK(std::string(device.error.rule) == "capi.short-buffer");
  CHECK(number == std::string("+493023125003").size() + 1);
  CHECK(label == std::string("@anna:city.example").size() + 1);
  CHECK(bb_client_match(device.client, 2, nullptr, &number, nullptr, &label, &device.error) == BB_API_MISUSE);
  CHECK(std::string(device.error.rule) == "capi.index");
}

TEST_CASE("random bytes are not all alike") {
  std::uint8_t first[16] = {};
  std::uint8_t second[16] = {};
  REQUIRE(bb_random(first, sizeof first, nullptr) == BB_OK);
  REQUIRE(bb_random(second, sizeof second, nullptr) == BB_OK);
  CHECK_FALSE(std::equal(std::begin(first), std::end(first), std::begin(second)));
}

}  // namespace blindbook
