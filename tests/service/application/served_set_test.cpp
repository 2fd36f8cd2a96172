#include <future>

#include "tests/service/application/test_service.h"

namespace blindbook::test_support {
namespace {

using service::ServedSets;

struct Published {
  Published() {
    next_edition(city, some_bytes(1'000));
    files.publish(city);
  }
  [[nodiscard]] std::string directory() const {
    return "directory/" + city.epoch().id.hex() + "/" + std::to_string(city.epoch().edition.value());
  }
  InMemoryOperator city;
  PublicFolder files;
};

TEST_CASE("an edition that goes while it is loaded gives way to the one that replaced it") {
  Published published;
  service::ServedSource source = published.files.source(published.city);
  // A publication between the announcement and the directory that it names.
  source.load_keys = [&published, load = source.load_keys, first = true](UnixTime now) mutable {
    if (std::exchange(first, false)) {
      std::filesystem::remove(published.files.path() / (published.directory() + ".bbd"));
      next_edition(published.city, some_bytes(2'000));
      published.files.publish(published.city);
    }
    return load(now);
  };
  const auto sets = ServedSets::open(source, kNow);
  REQUIRE(sets.has_value());
  CHECK((*sets)->current()->announcement().seq == 2);
  CHECK((*sets)->current()->find("/v1/" + published.directory()) != nullptr);
}

TEST_CASE("nothing is served before the first publication") {
  const InMemoryOperator city;
  const PublicFolder files;
  const auto sets = ServedSets::open(files.source(city), kNow);
  REQUIRE_FALSE(sets.has_value());
  CHECK(sets.error().rule == "served.unpublished");
  CHECK(sets.error().hint == "run blindbook publish first");
}

TEST_CASE("a directory that is not the announced one is not served") {
  Published city;
  Bytes file = city.city.directory_file();
  SECTION("altered") {
    file[500] ^= 1;
  }
  SECTION("truncated") {
    file.pop_back();
  }
  SECTION("empty") {
    file.clear();
  }
  city.files.write(city.directory() + ".bbd", file);
  CHECK(ServedSets::open(city.files.source(city.city), kNow).error().rule == "served.file");
}

TEST_CASE("a directory or patch that is missing is an error") {
  Published city;
  SECTION("directory") {
    std::filesystem::remove(city.files.path() / (city.directory() + ".bbd"));
  }
  SECTION("patch") {
    city.city.epoch_to_announce().edition = Edition(2);
    city.city.epoch_to_announce().patches = {{Edition(1), 5, Digest()}};
    city.files.publish(city.city);
  }
  CHECK(ServedSets::open(city.files.source(city.city), kNow).error().rule == "served.file");
}

TEST_CASE("an announcement of another root is refused") {
  Published city;
  service::ServedSource source = city.files.source(city.city);
  source.root = InMemoryOperator(99).root_key();
  CHECK(ServedSets::open(source, kNow).error().fault == Fault::kPeerMisbehaved);
}

TEST_CASE("a live epoch without its key is an error and errors of the keys are passed on") {
  Published city;
  service::ServedSource source = city.files.source(city.city);
  source.load_keys = [](UnixTime) -> Result<std::vector<protocol::EpochKey>> { return {}; };
  CHECK(ServedSets::open(source, kNow).error().rule == "served.key");
  source.load_keys = [](UnixTime) -> Result<std::vector<protocol::EpochKey>> {
    return unavailable("key.slot", "the slot is lost");
  };
  CHECK(ServedSets::open(source, kNow).error().rule == "key.slot");
}

TEST_CASE("an epoch that is only announced has no directory") {
  InMemoryOperator city;
  const PublicFolder files;
  files.write("announcement.bba", city.announce());
  const auto sets = ServedSets::open(files.source(city), kNow);
  REQUIRE(sets.has_value());
  CHECK((*sets)->current()->find("/v1/directory/" + city.epoch().id.hex() + "/0") == nullptr);
  CHECK((*sets)->current()->evaluator().has_live_key(kNow));
}

TEST_CASE("a refresh does nothing until the announcement is replaced") {
  Published city;
  const auto sets = ServedSets::open(city.files.source(city.city), kNow).value();
  const auto held = sets->current();
  CHECK_FALSE(sets->refresh(kNow).value());
  CHECK(sets->current() == held);
  next_edition(city.city, some_bytes(10));
  city.files.publish(city.city);
  CHECK(sets->refresh(kNow).value());
  CHECK(sets->current()->announcement().seq == 2);
  CHECK(held->announcement().seq == 1);
}

TEST_CASE("a failed refresh keeps the old set and a later one repairs it") {
  Published city;
  const auto sets = ServedSets::open(city.files.source(city.city), kNow).value();
  const auto held = sets->current();
  next_edition(city.city, some_bytes(10));
  city.files.write("announcement.bba", city.city.announce());
  CHECK(sets->refresh(kNow).error().rule == "served.file");
  CHECK(sets->current() == held);
  city.files.write(city.directory() + ".bbd", city.city.directory_file());
  CHECK(sets->refresh(kNow).value());
  CHECK(sets->current()->announcement().seq == 2);
}

TEST_CASE("an older announcement does not replace a newer one") {
  Published city;
  const Bytes first = service::read_file(city.files.path() / "announcement.bba", 1 << 20).value();
  city.files.publish(city.city);
  const auto sets = ServedSets::open(city.files.source(city.city), kNow).value();
  city.files.write("announcement.bba", first);
  CHECK(sets->refresh(kNow).error().rule == "served.rollback");
  CHECK(sets->current()->announcement().seq == 2);
}

TEST_CASE("an object that did not change is kept in memory") {
  Published city;
  const auto sets = ServedSets::open(city.files.source(city.city), kNow).value();
  const auto object = sets->current()->find("/v1/" + city.directory());
  REQUIRE(object != nullptr);
  city.files.publish(city.city);
  REQUIRE(sets->refresh(kNow).value());
  CHECK(sets->current()->find("/v1/" + city.directory()) == object);
}

TEST_CASE("keys and objects of an epoch go when it ends without a new announcement") {
  Published city;
  const auto sets = ServedSets::open(city.files.source(city.city), kNow).value();
  const UnixTime end = InMemoryOperator::not_after();
  CHECK_FALSE(sets->refresh(end).value());
  const UnixTime after(end.value() + 1);
  CHECK(sets->refresh(after).value());
  CHECK(sets->current()->find("/v1/" + city.directory()) == nullptr);
  CHECK_FALSE(sets->current()->evaluator().has_live_key(kNow));
  CHECK_FALSE(sets->refresh(after).value());
}

TEST_CASE("a watch notices a new announcement and reports a bad one once") {
  Published city;
  const auto sets = ServedSets::open(city.files.source(city.city), kNow).value();
  std::promise<std::string> switched;
  std::promise<std::string> failed;
  sets->watch([] { return kNow; },
              [&](const service::Event& event) {
                const std::string line = service::json_line(event, kNow);
                (event.name == "serving" ? switched : failed).set_value(line);  // a second call would throw
              });
  next_edition(city.city, some_bytes(10));
  city.files.publish(city.city);
  CHECK(switched.get_future().get() == R"({"time":1800000000,"event":"serving","seq":2})");
  city.files.write("announcement.bba", some_bytes(100));
  CHECK(failed.get_future().get().find("\"rule\":\"announcement.") != std::string::npos);
  CHECK(sets->current()->announcement().seq == 2);
}

}  // namespace
}  // namespace blindbook::test_support
