// A client in any language that breaks the rules of blindbook.h, or is handed what it cannot use.
#include <string>
#include <vector>

#include <blindbook.h>
#include <catch2/catch.hpp>

#include "blindbook/protocol/invitation.h"

#include "tests/capi/device.h"

namespace blindbook {

using namespace test_support;

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

TEST_CASE("a match is written whole or not at all") {
  Device device;
  REQUIRE(device.begin() == BB_OK);
  std::size_t number_size = 0;
  std::size_t label_size = 0;
  CHECK(bb_client_match(device.client, 0, nullptr, &number_size, nullptr, &label_size, &device.error) ==
        BB_API_MISUSE);
  CHECK(std::string(device.error.rule) == "run.order");
  device.drive();
  char number[17] = "untouched";
  char label[64] = "untouched";
  number_size = sizeof number;
  label_size = 3;
  CHECK(bb_client_match(device.client, 0, number, &number_size, label, &label_size, &device.error) ==
        BB_SHORT_BUFFER);
  CHECK(std::string(number) == "untouched");
  CHECK(label_size == std::string("@anna:city.example").size() + 1);
  number_size = sizeof number;
  CHECK(bb_client_match(device.client, 0, number, &number_size, nullptr, &label_size, &device.error) ==
        BB_API_MISUSE);
  CHECK(std::string(device.error.rule) == "capi.null");
  CHECK(std::string(number) == "untouched");
  CHECK(number_size == sizeof number);
}

TEST_CASE("milliseconds are no time and cost no state") {
  Device device;
  REQUIRE(device.begin() == BB_OK);
  device.drive();
  device.save();
  const std::size_t size = device.saved.size();
  const std::uint64_t milliseconds = kNow.value() * 1'000;
  CHECK(bb_client_begin(device.client, device.token.c_str(), milliseconds, 0, &device.error) ==
        BB_API_MISUSE);
  CHECK(std::string(device.error.rule) == "capi.time");
  device.save();
  CHECK(device.saved.size() == size);
  bb_server* server = nullptr;
  bb_evaluation* evaluation = nullptr;
  REQUIRE(bb_server_new(&server, nullptr) == BB_OK);
  CHECK(bb_server_accept(server, nullptr, 0, milliseconds, &evaluation, nullptr) == BB_API_MISUSE);
  bb_server_free(server);
  const bb_allowance_policy policy{1, 1, 1};
  bb_allowance allowance{};
  CHECK(bb_allowance_new(&policy, milliseconds, &allowance, nullptr) == BB_API_MISUSE);
  CHECK(bb_allowance_spend(&policy, &allowance, 1, milliseconds, nullptr, nullptr, nullptr) == BB_API_MISUSE);
}

}  // namespace blindbook
