#include <array>
#include <thread>
#include <utility>

#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/comparison/frames.h"
#include "tests/bench/comparison/process_figures.h"
#include "tests/bench/comparison/socket_channel.h"

namespace blindbook::bench {
namespace {

std::pair<service::Descriptor, service::Descriptor> connected() {
  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
  return {service::Descriptor(ends[0]), service::Descriptor(ends[1])};
}

void write_raw(int socket, ByteView bytes) {
  REQUIRE(::write(socket, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
}

TEST_CASE("messages arrive whole and in order, empty ones and long ones too") {
  auto [left, right] = connected();
  SocketChannel client(std::move(left));
  // Longer than a socket holds, so that it goes in pieces.
  const Bytes longest(3'000'001, 0x5a);
  std::thread sender([&, end = std::move(right)]() mutable {
    SocketChannel service(std::move(end));
    service.send({});
    service.send(longest);
    service.send(bytes_of("end"));
  });
  CHECK(client.receive().empty());
  CHECK(client.receive() == longest);
  CHECK(text_of(client.receive()) == "end");
  sender.join();
}

TEST_CASE("a channel counts what passed the socket and not a byte more") {
  auto [left, right] = connected();
  SocketChannel client(std::move(left));
  client.send(bytes_of("seven b"));
  client.send({});
  // What lies in the other socket is what was counted.
  std::array<std::uint8_t, 64> raw{};
  const ssize_t passed = ::recv(right.get(), raw.data(), raw.size(), 0);
  const Traffic sent = client.take_traffic();
  CHECK(passed == 4 + 7 + 4);
  CHECK(sent.bytes_sent == 4 + 7 + 4);
  CHECK(sent.messages_sent == 2);
  CHECK(sent.bytes_received == 0);
  CHECK(sent.messages_received == 0);
  CHECK(sent.round_trips == 0);

  write_raw(right.get(), Bytes{0, 0, 0, 2, 'o', 'k'});
  CHECK(text_of(client.receive()) == "ok");
  const Traffic received = client.take_traffic();
  CHECK(received.bytes_sent == 0);
  CHECK(received.bytes_received == 6);
  CHECK(received.messages_received == 1);
}

TEST_CASE("a round trip is a message or several and the answers to them") {
  auto [left, right] = connected();
  SocketChannel client(std::move(left));
  SocketChannel service(std::move(right));
  const auto answer = [&] {
    service.send({});
    static_cast<void>(client.receive());
  };
  client.send({});
  client.send({});
  answer();
  answer();  // no one asked again
  client.send({});
  answer();
  CHECK(client.take_traffic().round_trips == 2);
  CHECK(service.take_traffic().round_trips == 0);
}

TEST_CASE("a length above the limit is refused before anything is made room for") {
  auto [left, right] = connected();
  SocketChannel client(std::move(left), 100);
  write_raw(right.get(), Bytes{0, 0, 0, 101});
  CHECK_THROWS_AS(client.receive(), std::length_error);
  CHECK_THROWS_AS(client.send(Bytes(101)), std::length_error);
  client.send(Bytes(100));
  CHECK(client.take_traffic().bytes_sent == 104);
}

TEST_CASE("a length that was announced and never sent takes no memory") {
  auto [left, right] = connected();
  SocketChannel client(std::move(left));
  // 512 MiB are announced, the most that is allowed, and 5 bytes come.
  write_raw(right.get(), Bytes{0x20, 0, 0, 0, 1, 2, 3, 4, 5});
  ::shutdown(right.get(), SHUT_WR);
  restart_peak_memory();
  const std::uint64_t before = peak_memory();
  CHECK_THROWS_AS(client.receive(), PeerGone);
  CHECK(peak_memory() - before < (64U << 20U));
}

TEST_CASE("a party that is gone shows as such to who sends and who waits") {
  auto [left, right] = connected();
  SocketChannel client(std::move(left));
  write_raw(right.get(), Bytes{0, 0});  // it went within a header
  right = service::Descriptor();
  CHECK_THROWS_AS(client.receive(), PeerGone);
  CHECK_THROWS_AS(client.send(bytes_of("hello")), PeerGone);
}

}  // namespace
}  // namespace blindbook::bench
