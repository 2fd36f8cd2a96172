// A client in any language: what it gets, and what it gets over.
#include <string>
#include <vector>

#include <blindbook.h>
#include <catch2/catch.hpp>

#include "blindbook/protocol/invitation.h"

#include "tests/capi/device.h"

namespace blindbook {

using namespace test_support;

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
