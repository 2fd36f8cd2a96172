// Whole runs of the protocol, from the book to the matches, against the slow private set intersection.
#include <algorithm>
#include <set>
#include <utility>

#include <catch2/catch.hpp>

#include "blindbook/directory/label.h"
#include "blindbook/protocol/params.h"
#include "blindbook/protocol/run_plan.h"

#include "tests/oracle/slow_psi.h"
#include "tests/protocol/discovery_pump.h"
#include "tests/support/short_tags.h"

namespace blindbook::oracle {
namespace {

using protocol::LabelMode;
using protocol::OutputStore;
using test_support::DeterministicRandom;
using test_support::InMemoryOperator;
using test_support::with_short_tag;

constexpr std::uint16_t kLabelBytes = 24;
constexpr unsigned kWholeTag = 56;

/// +33 6 39 98 00 00 to 99 99, the range kept for fiction by Arcep.
std::string fictional(std::uint64_t index) {
  const std::string digits = std::to_string(10'000 + index % 10'000);
  return "+3363998" + digits.substr(1);
}

std::vector<std::string> fictional_numbers(std::uint64_t from, std::uint64_t to) {
  std::vector<std::string> out;
  for (std::uint64_t i = from; i < to; ++i) {
    out.push_back(fictional(i));
  }
  return out;
}

Subscriber subscriber(const std::string& number) {
  return {number, "user" + number.substr(1)};
}

std::vector<Subscriber> subscribers_of(const std::vector<std::string>& numbers) {
  std::vector<Subscriber> out;
  std::ranges::transform(numbers, std::back_inserter(out), subscriber);
  return out;
}

/// `count` numbers below `universe`, with repetitions, in no order.
std::vector<std::string> random_book(DeterministicRandom& random, std::size_t count, std::uint64_t universe) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(fictional(random.below(universe)));
  }
  return out;
}

/// Some of the numbers below `universe`, each once, in no order.
std::vector<Subscriber> random_subscribers(DeterministicRandom& random, std::size_t draws,
                                           std::uint64_t universe) {
  std::vector<Subscriber> out;
  std::set<std::string> taken;
  for (const std::string& number : random_book(random, draws, universe)) {
    if (taken.insert(number).second) {
      out.push_back(subscriber(number));
    }
  }
  return out;
}

/// Publishes with tags of `bits` bits: what InMemoryOperator does, on outputs that were cut.
void publish(InMemoryOperator& city, const std::vector<Subscriber>& subscribers, bool labelled,
             unsigned bits = kWholeTag) {
  protocol::AnnouncedEpoch& epoch = city.epoch_to_announce();
  epoch.edition = Edition(epoch.edition.value() + 1);
  epoch.label_mode = labelled ? LabelMode::kEmbedded : LabelMode::kNone;
  epoch.label_bytes = labelled ? kLabelBytes : 0;
  epoch.label_template = labelled ? "@{}:city.example" : "";
  directory::Builder builder(epoch.suite(), epoch.id, epoch.edition, epoch.label_bytes, epoch.label_template);
  const directory::LabelSealer sealer(epoch.suite(), epoch.id, epoch.label_bytes);
  for (const Subscriber& person : subscribers) {
    const SecretBytes output =
        with_short_tag(city.evaluate(test_support::number(person.number)).expose(), bits);
    Bytes sealed(directory::sealed_bytes(epoch.label_bytes));
    if (labelled) {
      REQUIRE(sealer.seal(output.expose(), person.label, sealed));
    }
    builder.add(directory::tag_of(output.expose()), sealed);
  }
  city.set_directory(std::move(builder).finish().value(), subscribers.size());
}

std::vector<Identifier> identifiers_of(const std::vector<std::string>& numbers) {
  std::vector<Identifier> out;
  std::ranges::transform(numbers, std::back_inserter(out), test_support::number);
  return out;
}

/// Evaluates what of `book` fits into a first run, in as many batches as the plan says.
OutputStore evaluate(InMemoryOperator& city, const std::vector<Identifier>& book) {
  auto ready = protocol::Ready::begin(city.epoch(), {}).value();
  const std::vector<Identifier> wanted = ready.outputs().missing(book);
  std::span<const Identifier> left(wanted);
  for (const std::uint32_t size :
       protocol::plan_run(protocol::RunKind::kFirstInEpoch, wanted.size()).batches) {
    const auto batch = left.first(std::min<std::size_t>(size, left.size()));
    left = left.subspan(batch.size());
    auto blinded = std::move(ready).blind(batch, size, city.random()).value();
    ready = std::move(blinded.waiting).finish(city.answer(blinded.request).value()).value().evaluate_more();
  }
  return ready.outputs().duplicate();
}

OutputStore with_short_tags(const OutputStore& outputs, unsigned bits) {
  OutputStore cut;
  for (const auto& [identifier, output] : outputs) {
    cut.put(identifier, with_short_tag(output.expose(), bits));
  }
  return cut;
}

/// Downloads the directory in pieces of random length and looks `book` up in it.
Findings look_up(InMemoryOperator& city, OutputStore outputs, const std::vector<Identifier>& book,
                 DeterministicRandom& random) {
  auto awaiting = protocol::Ready::begin(city.epoch(), std::move(outputs)).value().skip_evaluation();
  auto reading = awaiting.read_directory(city.epoch(), book).value();
  for (ByteView rest = city.directory_file(); !rest.empty();) {
    const ByteView piece = rest.first(std::min<std::size_t>(rest.size(), 1 + random.below(2000)));
    rest = rest.subspan(piece.size());
    REQUIRE(reading.feed(piece));
  }
  const auto discovered = std::move(awaiting).discover(std::move(reading)).value();
  Findings found;
  for (const protocol::ContactMatch& match : discovered.matches()) {
    std::optional<std::string> label = match.label;
    if (label) {
      label = directory::LabelTemplate::parse(city.epoch().label_template).value().strip(*label).value();
    }
    found.matches.emplace_back(match.identifier.e164(), label);
  }
  found.unopened = discovered.unopened_labels();
  return found;
}

Findings run(InMemoryOperator& city, const std::vector<std::string>& book, DeterministicRandom& random,
             unsigned bits = kWholeTag) {
  const std::vector<Identifier> identifiers = identifiers_of(book);
  return look_up(city, with_short_tags(evaluate(city, identifiers), bits), identifiers, random);
}

}  // namespace

TEST_CASE("a run finds the intersection of random books and directories") {
  DeterministicRandom random(50);
  InMemoryOperator city;
  for (int round = 0; round < 24; ++round) {
    const std::uint64_t universe = 1 + random.below(150);
    const auto subscribers = random_subscribers(random, random.below(120), universe);
    const auto book = random_book(random, random.below(120), universe);
    const bool labelled = round % 2 == 0;
    INFO("round " << round << ": " << book.size() << " of " << universe << ", " << subscribers.size());
    publish(city, subscribers, labelled);
    CHECK(run(city, book, random) == intersection(book, subscribers, labelled));
  }
}

TEST_CASE("a run finds everybody when everybody subscribes and nobody when nobody does") {
  DeterministicRandom random(51);
  InMemoryOperator city;
  const auto book = fictional_numbers(0, 300);
  const bool labelled = GENERATE(true, false);
  publish(city, subscribers_of(book), labelled);
  const Findings all = run(city, book, random);
  CHECK(all.matches.size() == book.size());
  CHECK(all == intersection(book, subscribers_of(book), labelled));
  CHECK(run(city, {}, random) == Findings{});
  CHECK(run(city, fictional_numbers(300, 400), random) == Findings{});
  publish(city, {}, labelled);
  CHECK(run(city, book, random) == Findings{});
}

TEST_CASE("a number that stands in the book twice is one match") {
  DeterministicRandom random(52);
  InMemoryOperator city;
  const std::vector<std::string> book = {fictional(1), fictional(2), fictional(1), fictional(1),
                                         fictional(2)};
  const auto subscribers = subscribers_of({fictional(1)});
  const bool labelled = GENERATE(true, false);
  publish(city, subscribers, labelled);
  const Findings found = run(city, book, random);
  CHECK(found.matches.size() == 1);
  CHECK(found == intersection(book, subscribers, labelled));
}

TEST_CASE("a book of two full batches is looked up whole and what is over is left out") {
  DeterministicRandom random(53);
  InMemoryOperator city;
  const std::size_t fits = protocol::kMaxBatchesPerRun * protocol::kLargestBatch;
  std::vector<std::string> book = fictional_numbers(0, fits + 200);
  std::vector<std::string> looked_up(book.begin(), book.begin() + static_cast<std::ptrdiff_t>(fits));
  const auto subscribers = random_subscribers(random, 1500, 10'000);
  publish(city, subscribers, true);
  const Findings found = run(city, book, random);
  CHECK(found == intersection(looked_up, subscribers, true));
  CHECK(found.matches.size() > 1000);
  CHECK(found.matches.size() < intersection(book, subscribers, true).matches.size());
}

TEST_CASE("with labels a colliding tag is never a match and is counted as unopened") {
  DeterministicRandom random(54);
  InMemoryOperator city;
  SlowTags tags(city.keys().secret.expose());
  const std::uint64_t universe = 40;
  std::size_t collisions = 0;
  for (const unsigned bits : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 8U, 12U, 56U}) {
    const auto subscribers = random_subscribers(random, 30, universe);
    const auto book = random_book(random, 40, universe);
    INFO(bits << " bits");
    publish(city, subscribers, true, bits);
    const Findings found = run(city, book, random, bits);
    CHECK(found == findings_with_tags(book, subscribers, true,
                                      [&](const auto& number) { return tags.of(number, bits); }));
    CHECK(found.matches == intersection(book, subscribers, true).matches);
    collisions += found.unopened;
  }
  CHECK(collisions > 100);
}

TEST_CASE("without labels the false positives are exactly those of the short tags") {
  DeterministicRandom random(55);
  InMemoryOperator city;
  SlowTags tags(city.keys().secret.expose());
  const std::uint64_t universe = 40;
  std::size_t false_positives = 0;
  std::size_t true_negatives = 0;
  for (const unsigned bits : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 8U, 12U, 56U}) {
    const auto subscribers = random_subscribers(random, 12, universe);
    const auto book = random_book(random, 40, universe);
    INFO(bits << " bits");
    publish(city, subscribers, false, bits);
    const Findings found = run(city, book, random, bits);
    CHECK(found == findings_with_tags(book, subscribers, false,
                                      [&](const auto& number) { return tags.of(number, bits); }));
    const Findings exact = intersection(book, subscribers, false);
    for (const auto& match : exact.matches) {  // no false negative
      CHECK(std::ranges::find(found.matches, match) != found.matches.end());
    }
    false_positives += found.matches.size() - exact.matches.size();
    true_negatives += std::set<std::string>(book.begin(), book.end()).size() - found.matches.size();
  }
  CHECK(false_positives > 20);
  CHECK(true_negatives > 20);
}

TEST_CASE("erasing one of two subscribers with one tag leaves the other") {
  DeterministicRandom random(56);
  InMemoryOperator city;
  const std::vector<std::string> book = {fictional(1), fictional(2)};
  const unsigned bits = GENERATE(0U, 56U);  // one tag, two tags
  publish(city, subscribers_of(book), true, bits);
  CHECK(city.epoch().entries == 2);
  CHECK(run(city, book, random, bits).matches.size() == 2);
  for (const std::string& stays : book) {
    publish(city, subscribers_of({stays}), true, bits);
    CHECK(city.epoch().entries == 1);
    const Findings found = run(city, book, random, bits);
    REQUIRE(found.matches.size() == 1);
    CHECK(found.matches[0].first == stays);
    CHECK(found.unopened == (bits == 0 ? 1 : 0));
  }
}

}  // namespace blindbook::oracle
