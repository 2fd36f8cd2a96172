// Memory that ends inside the library, at each of its allocations in turn: an error, no crash, and the next try succeeds.
#include <string>

#include <blindbook.h>
#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/capi/device.h"
#include "tests/support/failing_heap.h"

namespace blindbook {
namespace {

using namespace test_support;

/// Calls of the library, whose allocations count and no others do.
template <class Call>
bb_status in_library(const Call& call) {
  failing_heap.counting = true;
  const bb_status status = call();
  failing_heap.counting = false;
  return status;
}

/// Bytes as a C program reads them; nothing when the library fails.
template <class Call>
bb_status read(Bytes& out, const Call& call) {
  std::size_t size = 0;
  bb_status status = in_library([&] { return call(nullptr, &size); });
  if (status == BB_SHORT_BUFFER) {
    out.resize(size);
    status = in_library([&] { return call(out.data(), &size); });
  }
  return status;
}

/// The next step of the client's run, as Device::step() makes it.
bb_status step(Device& device) {
  bb_client* const client = device.client;
  bb_error* const error = &device.error;
  Bytes bytes;
  switch (bb_client_need(client)) {
    case BB_NEED_ANNOUNCEMENT:
      bytes = device.city.announce();
      return in_library(
          [&] { return bb_client_take_announcement(client, bytes.data(), bytes.size(), error); });
    case BB_NEED_STEP:
      return in_library([&] { return bb_step(client, 10, nullptr, nullptr, error); });
    case BB_NEED_ANSWER: {
      bb_status status = read(bytes, [&](std::uint8_t* out, std::size_t* size) {
        return bb_client_state(client, out, size, error);
      });
      if (status == BB_OK) {
        status = read(bytes, [&](std::uint8_t* out, std::size_t* size) {
          return bb_client_request(client, out, size, error);
        });
      }
      if (status != BB_OK) {
        return status;
      }
      bytes = device.city.answer(bytes).value();
      return in_library([&] { return bb_client_take_answer(client, bytes.data(), bytes.size(), error); });
    }
    case BB_NEED_DIRECTORY: {
      const Bytes& file = device.city.directory_file();
      const bb_status status =
          in_library([&] { return bb_client_feed_directory(client, file.data(), file.size(), error); });
      return status != BB_OK ? status : in_library([&] { return bb_client_finish_directory(client, error); });
    }
    default:
      return BB_OK;
  }
}

bb_status run(Device& device) {
  bb_status status = in_library([&] { return device.begin(); });
  while (status == BB_OK && bb_client_need(device.client) != BB_NEED_NOTHING) {
    status = step(device);
  }
  return status;
}

/// Tries `attempt(number)` with each allocation failing that it makes, at most 150 of them evenly, until none fails.
template <class Attempt>
void fail_each(const Attempt& attempt) {
  failing_heap.allocations = 0;
  failing_heap.failing = 0;
  attempt();
  const std::size_t all = failing_heap.allocations;
  REQUIRE(all > 10);
  for (std::size_t number = 1; number <= all; number += all / 150 + 1) {
    CAPTURE(number, all);
    failing_heap.allocations = 0;
    failing_heap.failing = number;
    attempt();
  }
  failing_heap.failing = 0;
}

}  // namespace

TEST_CASE("a client whose memory ends finds the same at the next try") {
  fail_each([] {
    Device device;
    const bb_status status = run(device);
    if (failing_heap.failing == 0) {
      REQUIRE(status == BB_OK);
    } else if (status != BB_OK) {
      REQUIRE(status == BB_UNAVAILABLE);
      REQUIRE(std::string(device.error.rule) == "capi.memory");
    }
    if (status != BB_OK) {
      REQUIRE(device.begin() == BB_OK);
      device.drive();
    }
    REQUIRE(device.matches() == kAnnaAndBen);
  });
}

TEST_CASE("the first call of a process may be the one whose memory ends") {
  // The library here is a copy of its own, which nothing before this has called. Each try is a process, so that it stays so.
  InMemoryOperator city;
  city.publish({});
  const Bytes announcement = city.announce();
  const std::string operator_key = protocol::encode_operator_file(city.root_key());
  const ByteView secret = city.keys().secret.expose();
  std::size_t number = 0;
  for (bool all_tried = false; !all_tried;) {
    failing_heap.allocations = 0;
    failing_heap.failing = ++number;
    const pid_t child = fork();
    if (child == 0) {
      bb_server* server = nullptr;
      std::uint8_t epoch[16];
      bb_status status = in_library([&] { return bb_server_new(&server, nullptr); });
      if (status == BB_OK) {
        status = in_library([&] {
          return bb_server_add_epoch(server, operator_key.c_str(), announcement.data(), announcement.size(),
                                     secret.data(), secret.size(), epoch, nullptr);
        });
      }
      _exit(failing_heap.allocations < number ? 1 : status == BB_UNAVAILABLE || status == BB_OK ? 0 : 2);
    }
    int ended = 0;
    REQUIRE(waitpid(child, &ended, 0) == child);
    CAPTURE(number);
    REQUIRE(WIFEXITED(ended));
    REQUIRE(WEXITSTATUS(ended) < 2);
    all_tried = WEXITSTATUS(ended) == 1;
  }
  failing_heap.failing = 0;
  CHECK(number > 10);
}

TEST_CASE("a client that cannot be made is not") {
  fail_each([] {
    Device device;
    REQUIRE(device.begin() == BB_OK);
    device.drive();
    device.save();
    bb_client* client = nullptr;
    const bb_status status = in_library([&] {
      return bb_client_new(device.invitation.c_str(), device.key.data(), device.saved.data(),
                           device.saved.size(), &client, &device.error);
    });
    REQUIRE((status == BB_OK) == (client != nullptr));
    REQUIRE((status == BB_OK || status == BB_UNAVAILABLE));
    bb_client_free(client);
  });
}

TEST_CASE("an answer whose memory ends is not given by halves") {
  Device client;
  REQUIRE(client.begin() == BB_OK);
  client.drive(BB_NEED_ANSWER);
  client.save();
  const Bytes request = client.request();
  const Bytes announcement = client.city.announce();
  const std::string operator_key = protocol::encode_operator_file(client.city.root_key());
  const ByteView secret = client.city.keys().secret.expose();
  fail_each([&] {
    bb_server* server = nullptr;
    bb_evaluation* evaluation = nullptr;
    std::uint8_t epoch[16];
    Bytes answer;
    bb_status status = in_library([&] { return bb_server_new(&server, nullptr); });
    if (status == BB_OK) {
      status = in_library([&] {
        return bb_server_add_epoch(server, operator_key.c_str(), announcement.data(), announcement.size(),
                                   secret.data(), secret.size(), epoch, nullptr);
      });
    }
    if (status == BB_OK) {
      status = in_library([&] {
        return bb_server_accept(server, request.data(), request.size(), kNow.value(), &evaluation, nullptr);
      });
    }
    if (status == BB_OK) {
      status = in_library([&] { return bb_evaluation_step(evaluation, 1'000, nullptr, nullptr, nullptr); });
    }
    if (status == BB_OK) {
      status = read(answer, [&](std::uint8_t* out, std::size_t* size) {
        return bb_evaluation_answer(evaluation, 5, out, size, nullptr);
      });
    }
    REQUIRE((status == BB_OK || status == BB_UNAVAILABLE));
    if (evaluation != nullptr && status != BB_OK) {
      std::size_t size = 0;  // and stays so
      REQUIRE(bb_evaluation_answer(evaluation, 5, nullptr, &size, nullptr) == BB_UNAVAILABLE);
    }
    bb_evaluation_free(evaluation);
    bb_server_free(server);
  });
}

TEST_CASE("a directory whose memory ends is not finished") {
  InMemoryOperator city;
  city.publish({{berlin(3), "anna"}});
  const Bytes named = city.announce();
  bb_server* server = nullptr;
  REQUIRE(bb_server_new(&server, nullptr) == BB_OK);
  std::uint8_t epoch[16];
  const ByteView secret = city.keys().secret.expose();
  REQUIRE(bb_server_add_epoch(server, protocol::encode_operator_file(city.root_key()).c_str(), named.data(),
                              named.size(), secret.data(), secret.size(), epoch, nullptr) == BB_OK);
  fail_each([&] {
    bb_directory* directory = nullptr;
    bb_status status = in_library(
        [&] { return bb_directory_new(server, epoch, 1, 24, "@{}:city.example", &directory, nullptr); });
    if (status == BB_OK) {
      status = in_library(
          [&] { return bb_directory_add(directory, "+493023125003", "@anna:city.example", nullptr); });
    }
    std::uint8_t root[32];
    Bytes file;
    if (status == BB_OK) {
      status = read(file, [&](std::uint8_t* out, std::size_t* size) {
        return bb_directory_finish(directory, out, size, root, nullptr);
      });
    }
    REQUIRE((status == BB_OK || status == BB_UNAVAILABLE));
    REQUIRE((status != BB_OK || file == city.directory_file()));
    bb_directory_free(directory);
  });
  bb_server_free(server);
}

}  // namespace blindbook
