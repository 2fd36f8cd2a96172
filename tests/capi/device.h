#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <blindbook.h>
#include <catch2/catch.hpp>

#include "tests/capi/access.h"
#include "tests/capi/buffers.h"
#include "tests/protocol/in_memory_operator.h"

namespace blindbook::test_support {

/// A client that knows nothing but blindbook.h, and its operator without a socket. Its address book is berlin(0) to
/// berlin(19), of whom Anna and Ben subscribe.
struct Device {
  InMemoryOperator city;
  Bytes key = Bytes(BB_KEY_BYTES, 7);
  Bytes saved;
  std::string invitation = invitation_to(city);
  std::string token = token_for_anna(city);
  bb_client* client = nullptr;
  bb_error error{};

  Device() {
    city.publish({{berlin(3), "anna"}, {berlin(7), "ben"}, {berlin(500), "stranger"}});
    open();
  }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  ~Device() { bb_client_free(client); }

  void open_without_numbers() {
    bb_client_free(client);
    client = nullptr;
    REQUIRE(bb_client_new(invitation.c_str(), key.data(), saved.data(), saved.size(), &client, &error) ==
            BB_OK);
  }

  void open() {
    open_without_numbers();
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

inline const std::vector<std::string> kAnnaAndBen{"+493023125003 @anna:city.example",
                                                  "+493023125007 @ben:city.example"};

}  // namespace blindbook::test_support
