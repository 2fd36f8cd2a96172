// What either side refuses of the other, in every state, named by the rule that rejects.
#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/protocol/discovery_pump.h"

namespace blindbook::protocol {
namespace {

using namespace test_support;

}  // namespace

TEST_CASE("a batch size that is not listed or too small is refused before anything is sent") {
  InMemoryOperator city;
  city.publish({});
  REQUIRE(Ready::begin(city.epoch(), {}).value().blind({}, 17, city.random()).error().rule ==
          "client.batch-size");
  REQUIRE(Ready::begin(city.epoch(), {}).value().blind(book_of(0, 17), 16, city.random()).error().fault ==
          Fault::kApiMisuse);
}

TEST_CASE("the client rejects an answer that") {
  InMemoryOperator city;
  city.publish({{berlin(1), "one"}});
  auto blinded = Ready::begin(city.epoch(), {}).value().blind(book_of(0, 5), 16, city.random()).value();
  const Bytes good = city.answer(blinded.request).value();
  const auto rule = [&](const Bytes& answer) {
    const auto finished = std::move(blinded.waiting).finish(answer);
    REQUIRE_FALSE(finished.has_value());
    REQUIRE(finished.error().fault == Fault::kPeerMisbehaved);
    return finished.error().rule;
  };
  const auto with_flip = [&](std::size_t at) {
    Bytes bad = good;
    bad[at] ^= 1;
    return bad;
  };

  SECTION("has another magic") {
    REQUIRE(rule(with_flip(0)) == "answer.header");
  }
  SECTION("has another version") {
    REQUIRE(rule(with_flip(4)) == "answer.header");
  }
  SECTION("echoes another request") {
    REQUIRE(rule(with_flip(5)) == "answer.echo");
  }
  SECTION("was given to another request") {
    auto other = Ready::begin(city.epoch(), {}).value().blind(book_of(0, 5), 16, city.random()).value();
    REQUIRE(rule(city.answer(other.request).value()) == "answer.echo");
  }
  SECTION("is cut short") {
    REQUIRE(rule(Bytes(good.begin(), good.end() - 1)) == "answer.length");
  }
  SECTION("is empty") {
    REQUIRE(rule({}) == "answer.header");
  }
  SECTION("is too long") {
    Bytes bad = good;
    bad.push_back(0);
    REQUIRE(rule(bad) == "answer.length");
  }
  SECTION("holds fewer elements than asked for") {
    Bytes bad = good;
    bad.erase(bad.begin() + kAnswerHeaderBytes, bad.begin() + kAnswerHeaderBytes + 32);
    REQUIRE(rule(bad) == "answer.length");
  }
  SECTION("holds a non-canonical element") {
    Bytes bad = good;
    std::fill_n(bad.begin() + kAnswerHeaderBytes, 32, std::uint8_t{0xff});
    REQUIRE(rule(bad) == "oprf.element");
  }
  SECTION("holds the identity") {
    Bytes bad = good;
    std::fill_n(bad.begin() + kAnswerHeaderBytes, 32, std::uint8_t{0});
    REQUIRE(rule(bad) == "oprf.element");
  }
  SECTION("swaps two elements") {
    Bytes bad = good;
    std::swap_ranges(bad.begin() + kAnswerHeaderBytes, bad.begin() + kAnswerHeaderBytes + 32,
                     bad.begin() + kAnswerHeaderBytes + 32);
    REQUIRE(rule(bad) == "oprf.proof");
  }
  SECTION("has another proof challenge") {
    REQUIRE(rule(with_flip(good.size() - 64)) == "oprf.proof");
  }
  SECTION("has another proof response") {
    REQUIRE(rule(with_flip(good.size() - 32)) == "oprf.proof");
  }
  SECTION("has a proof that is no scalars") {
    Bytes bad = good;
    std::fill(bad.end() - 32, bad.end(), std::uint8_t{0xff});
    REQUIRE(rule(bad) == "oprf.proof");
  }
  SECTION("was computed with another key") {
    InMemoryOperator thief(9);
    auto job = InMemoryOperator::suite()
                   .decode_batch(ByteView(blinded.request).subspan(kRequestHeaderBytes), 16)
                   .value();
    job->evaluate(thief.keys().secret, 0, 16);
    const auto evaluated =
        std::move(*job).finish(thief.keys().secret, thief.keys().public_key, thief.random()).value();
    REQUIRE(rule(encode_answer(digest_of_request(blinded.request), 0, evaluated)) == "oprf.proof");
  }
}

TEST_CASE("the client rejects a directory that is not the announced one") {
  InMemoryOperator city;
  city.publish({{berlin(1), "one"}, {berlin(2), "two"}});
  const auto book = book_of(0, 5);
  auto blinded = Ready::begin(city.epoch(), {}).value().blind(book, 16, city.random()).value();
  auto awaiting = std::move(blinded.waiting).finish(city.answer(blinded.request).value()).value();
  const auto rule = [&](const Bytes& file, const AnnouncedEpoch& epoch) -> std::string_view {
    auto reading = awaiting.read_directory(epoch, book).value();
    if (auto fed = reading.feed(file); !fed) {
      REQUIRE(fed.error().fault == Fault::kPeerMisbehaved);
      return fed.error().rule;
    }
    const auto found = std::move(awaiting).discover(std::move(reading));
    REQUIRE_FALSE(found.has_value());
    REQUIRE(found.error().fault == Fault::kPeerMisbehaved);
    return found.error().rule;
  };

  SECTION("by its root") {
    Bytes bad = city.directory_file();
    bad.back() ^= 1;  // in the last sealed label: every other rule still holds
    REQUIRE(rule(bad, city.epoch()) == "directory.root");
  }
  SECTION("by its edition") {
    AnnouncedEpoch later = city.epoch();
    later.edition = Edition(2);
    REQUIRE(rule(city.directory_file(), later) == "directory.header");
  }
  SECTION("by its size") {
    Bytes bad = city.directory_file();
    bad.pop_back();
    REQUIRE(rule(bad, city.epoch()) == "directory.size");
  }
}

TEST_CASE("a directory of another epoch cannot be read with these outputs") {
  InMemoryOperator city;
  InMemoryOperator elsewhere(2);
  city.publish({});
  elsewhere.publish({});
  const auto awaiting = Ready::begin(city.epoch(), {}).value().skip_evaluation();
  REQUIRE(awaiting.read_directory(elsewhere.epoch(), {}).error().rule == "client.epoch");
}

TEST_CASE("a row whose tag is ours but whose label is not is counted and not shown") {
  InMemoryOperator city;
  city.publish({{berlin(1), "one"}});
  directory::Builder builder(city.epoch().suite(), city.epoch().id, city.epoch().edition, 24,
                             "@{}:city.example");
  const auto output = city.evaluate(berlin(1));
  builder.add(directory::tag_of(output.expose()), Bytes(directory::sealed_bytes(24), 0x5a));
  city.set_directory(std::move(builder).finish().value(), 1);
  const auto found = discover(city, book_of(0, 5)).value();
  REQUIRE(found.matches().empty());
  REQUIRE(found.unopened_labels() == 1);
}

TEST_CASE("every row of an equal run is tried") {
  InMemoryOperator city;
  city.publish({{berlin(1), "one"}});
  directory::Builder builder(city.epoch().suite(), city.epoch().id, city.epoch().edition, 24,
                             "@{}:city.example");
  const directory::LabelSealer sealer(city.epoch().suite(), city.epoch().id, 24);
  const auto output = city.evaluate(berlin(1));
  Bytes sealed(directory::sealed_bytes(24));
  REQUIRE(sealer.seal(output.expose(), "one", sealed).has_value());
  builder.add(directory::tag_of(output.expose()), Bytes(sealed.size(), 0x00));
  builder.add(directory::tag_of(output.expose()), sealed);
  builder.add(directory::tag_of(output.expose()), Bytes(sealed.size(), 0xff));
  city.set_directory(std::move(builder).finish().value(), 3);
  const auto found = discover(city, book_of(0, 5)).value();
  REQUIRE(labels_of(found) == std::vector<std::string>{"@one:city.example"});
  REQUIRE(found.unopened_labels() == 2);
}

TEST_CASE("the server rejects a request that") {
  InMemoryOperator city;
  city.publish({});
  const Bytes good =
      Ready::begin(city.epoch(), {}).value().blind(book_of(0, 5), 16, city.random()).value().request;
  const auto rule = [&](const Bytes& request) {
    const auto answer = city.answer(request);
    REQUIRE_FALSE(answer.has_value());
    return answer.error().rule;
  };
  const auto with = [&](std::size_t at, std::uint8_t value) {
    Bytes bad = good;
    bad[at] = value;
    return bad;
  };

  REQUIRE(city.answer(good).has_value());
  SECTION("has another magic") {
    REQUIRE(rule(with(1, 'X')) == "evaluate.header");
  }
  SECTION("has another version") {
    REQUIRE(rule(with(4, 2)) == "evaluate.header");
  }
  SECTION("names an unknown suite") {
    REQUIRE(rule(with(5, 9)) == "evaluate.header");
  }
  SECTION("names another epoch") {
    REQUIRE(rule(with(6, static_cast<std::uint8_t>(good[6] ^ 1))) == "test.gone");
  }
  SECTION("has a size that is not on the list") {
    REQUIRE(rule(with(23, 17)) == "evaluate.batch-size");
  }
  SECTION("has no elements") {
    REQUIRE(rule(with(23, 0)) == "evaluate.batch-size");
  }
  SECTION("is cut short") {
    REQUIRE(rule(Bytes(good.begin(), good.end() - 1)) == "evaluate.length");
  }
  SECTION("is too long") {
    Bytes bad = good;
    bad.push_back(0);
    REQUIRE(rule(bad) == "evaluate.length");
  }
  SECTION("is empty") {
    REQUIRE(rule({}) == "evaluate.header");
  }
  SECTION("holds a non-canonical element") {
    Bytes bad = good;
    std::fill_n(bad.begin() + kRequestHeaderBytes + 32, 32, std::uint8_t{0xff});
    REQUIRE(rule(bad) == "oprf.element");
  }
  SECTION("holds the identity as its last element") {
    Bytes bad = good;
    std::fill(bad.end() - 32, bad.end(), std::uint8_t{0});
    REQUIRE(rule(bad) == "oprf.element");
  }
}

TEST_CASE("an epoch answers within its life and not outside") {
  InMemoryOperator city;
  city.publish({});
  const Bytes request = Ready::begin(city.epoch(), {}).value().blind({}, 16, city.random()).value().request;
  REQUIRE(city.answer(request, city.not_before()).has_value());
  REQUIRE(city.answer(request, city.not_after()).has_value());
  REQUIRE_FALSE(city.answer(request, UnixTime(city.not_before().value() - 1)).has_value());
  REQUIRE_FALSE(city.answer(request, UnixTime(city.not_after().value() + 1)).has_value());
  REQUIRE(city.evaluator().has_live_key(kNow));
  REQUIRE_FALSE(city.evaluator().has_live_key(UnixTime(city.not_after().value() + 1)));
}

}  // namespace blindbook::protocol
