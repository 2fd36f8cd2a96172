// What the client makes of answers that no honest service gives: endless, cut, coded, in pieces, too many.
#include "tests/service/http/raw_socket.h"
#include "tests/service/http/server_fixture.h"

namespace blindbook::test_support {
namespace {

using namespace std::chrono_literals;
using http::Answer;
using http::ClientLimits;
using http::HttpConnection;

/// A peer that answers with `begin`, then with `again` for ever, or with silence when that is empty, and
/// never closes: it ends when the client has left.
class EndlessPeer {
 public:
  EndlessPeer(std::string begin, std::string again)
      : thread_([this, begin = std::move(begin), again = std::move(again)] {
          const RawSocket peer = listener_.take_request();
          bool taken = peer.send(begin);
          while (taken && !again.empty()) {
            taken = peer.send(again);
          }
          static_cast<void>(peer.read_to_end());
        }) {}
  EndlessPeer(const EndlessPeer&) = delete;
  EndlessPeer& operator=(const EndlessPeer&) = delete;
  ~EndlessPeer() { thread_.join(); }

  [[nodiscard]] HttpConnection connect(const ClientLimits& limits) const {
    return test_support::connect({false, "127.0.0.1", listener_.port()}, {}, limits);
  }

 private:
  RawListener listener_;
  std::thread thread_;
};

/// The rule by which a client leaves such a peer.
std::string_view rule_against(const std::string& begin, const std::string& again,
                              const ClientLimits& limits = {}) {
  const EndlessPeer peer(begin, again);
  HttpConnection client = peer.connect(limits);
  const Result<Answer> answer = client.get("/");
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().fault == Fault::kUnavailable);
  return answer.error().rule;
}

/// What a client makes of an answer that is exactly `text`.
Result<Answer> answer_to(const std::string& text, const ClientLimits& limits = {}) {
  const RawListener listener;
  std::thread peer([&] { listener.answer_once(text); });
  HttpConnection client = connect({false, "127.0.0.1", listener.port()}, {}, limits);
  Result<Answer> out = client.get("/");
  peer.join();
  return out;
}

TEST_CASE("what a peer sends without end is left at a limit") {
  const ClientLimits small{.max_body_bytes = 1'000, .max_stream_bytes = 1'000};
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  SECTION("fields") {
    CHECK(rule_against(ok, "A: " + std::string(100, 'x') + "\r\n") == "http.too-long");
  }
  SECTION("short fields in small pieces") {
    CHECK(rule_against(ok, "a:b\r\n", {.total = 20s}) == "http.too-long");
  }
  SECTION("one field") {
    CHECK(rule_against(ok + "A: ", std::string(100, 'x')) == "http.too-long");
  }
  SECTION("a status line") {
    CHECK(rule_against("HTTP/1.1 200 ", std::string(100, 'x')) == "http.too-long");
  }
  SECTION("a body that ends with the connection") {
    CHECK(rule_against(ok + "\r\n", std::string(100, 'x'), small) == "http.too-long");
  }
  SECTION("chunks") {
    CHECK(rule_against(ok + "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", small) == "http.too-long");
  }
  SECTION("the size of a chunk") {
    CHECK(rule_against(ok + "Transfer-Encoding: chunked\r\n\r\n", std::string(100, '0'), small) ==
          "http.too-long");
  }
  SECTION("an extension of a chunk") {
    CHECK(rule_against(ok + "Transfer-Encoding: chunked\r\n\r\n1;a=", std::string(100, 'x'), small) ==
          "http.too-long");
  }
  SECTION("fields behind the last chunk") {
    CHECK(rule_against(ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n", "A: " + std::string(100, 'x') + "\r\n",
                       small) == "http.too-long");
  }
  SECTION("announcements of an answer") {
    CHECK(rule_against("", "HTTP/1.1 102 Processing\r\n\r\n") == "http.answer");
  }
}

TEST_CASE("an answer of endless length does not fill the memory of who streams it") {
  const EndlessPeer peer("HTTP/1.1 200 OK\r\n\r\n", std::string(100'000, 'x'));
  HttpConnection client = peer.connect({.max_stream_bytes = 1'000'000});
  std::uint64_t taken = 0;
  const Result<Answer> answer = client.get("/", std::nullopt, [&](ByteView chunk) -> Result<void> {
    taken += chunk.size();
    return {};
  });
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().rule == "http.too-long");
  CHECK(taken <= 1'000'000);
}

TEST_CASE("bytes that keep dripping do not prolong the whole") {
  // Each byte renews the time without one, which is long; the whole has its own.
  const ClientLimits limits{.idle = 60s, .total = 100ms};
  SECTION("of a body") {
    CHECK(rule_against("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", "x",
                       {.idle = 60s, .total = 100ms, .max_body_bytes = 2'000'000'000}) == "http.timeout");
  }
  SECTION("of a head") {
    const EndlessPeer peer("HTTP/1.1 200 OK\r\nA: ", "");
    HttpConnection client = peer.connect(limits);
    CHECK(client.get("/").error().rule == "http.timeout");
  }
}

TEST_CASE("answers that only announce the answer are passed over") {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  CHECK(text(answer_to("HTTP/1.1 100 Continue\r\n\r\n" + interim + answer).value()) == "ok");
  std::string many;
  for (int i = 0; i < 8; ++i) {
    many += interim;
  }
  CHECK(text(answer_to(many + answer).value()) == "ok");
  CHECK(answer_to(many + interim + answer).error().rule == "http.answer");
}

TEST_CASE("a protocol that nobody asked for is not switched to") {
  CHECK(answer_to("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n").error().rule ==
        "http.answer");
}

TEST_CASE("an answer in a coding that was not asked for is refused") {
  const auto* field =
      GENERATE("Content-Encoding: gzip", "Content-Encoding: identity\r\nContent-Encoding: br",
               "Content-Encoding: x", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: gzip");
  const auto answer = answer_to("HTTP/1.1 200 OK\r\n" + std::string(field) + "\r\n\r\n0\r\n\r\n");
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().rule == "http.answer");
  CHECK(answer.error().fault == Fault::kUnavailable);
}

TEST_CASE("an answer whose length can be read in two ways is refused") {
  const auto* fields =
      GENERATE("Content-Length: 1\r\nContent-Length: 2", "Content-Length: -1", "Content-Length: 1x",
               "Content-Length: 18446744073709551616", "Content-Length: 5\r\nTransfer-Encoding: chunked");
  CHECK(answer_to("HTTP/1.1 200 OK\r\n" + std::string(fields) + "\r\n\r\n0\r\n\r\n").error().rule ==
        "http.answer");
}

TEST_CASE("an answer that says it is longer than any is refused unread") {
  const EndlessPeer peer("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n", "");
  HttpConnection client = peer.connect({});
  CHECK(client.get("/").error().rule == "http.too-long");
}

TEST_CASE("a chunked answer that is cut is no answer") {
  const std::string whole = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto answer = answer_to(whole.substr(0, size));
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().rule == "http.truncated");
  }
  CHECK(text(answer_to(whole).value()) == "abc");
}

TEST_CASE("what a service sends behind its answer is not taken for the next answer") {
  const RawListener listener;
  const std::string first = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none";
  const std::string stray = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray";
  std::thread peer([&] {
    listener.answer_once(first + stray);
    listener.answer_once("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo");
  });
  HttpConnection client = connect({false, "127.0.0.1", listener.port()});
  CHECK(text(client.get("/1").value()) == "one");
  CHECK(text(client.get("/2").value()) == "two");
  peer.join();
}

}  // namespace
}  // namespace blindbook::test_support
