#include <set>

#include <catch2/catch.hpp>

#include "blindbook/contact/address_book.h"
#include "blindbook/contact/contact_list.h"
#include "blindbook/contact/normaliser.h"

#include "tests/tools/address_book_writer.h"
#include "tests/tools/subscriber_generator.h"

namespace blindbook::test_tools {
namespace {

TEST_CASE("every invented number is possible and is its own canonical form") {
  const SubscriberGenerator generator(1);
  const contact::Normaliser normaliser = *contact::Normaliser::create(std::nullopt);
  std::set<std::string> numbers;
  for (std::size_t i = 0; i < SubscriberGenerator::kFictional + 1'000; ++i) {
    const std::string number = generator.subscriber(i).number;
    const contact::Normalised normalised = normaliser.normalise(number);
    REQUIRE(normalised.identifiers.size() == 1);
    REQUIRE(normalised.identifiers.front().e164() == number);
    REQUIRE_FALSE(normalised.warning);
    numbers.insert(number);
  }
  for (std::size_t i = 0; i < 1'000; ++i) {
    const std::string number = generator.other_number(i);
    REQUIRE(normaliser.normalise(number).identifiers.size() == 1);
    numbers.insert(number);
  }
  CHECK(numbers.size() == SubscriberGenerator::kFictional + 2'000);
}

TEST_CASE("there are about 95000 fictional numbers") {
  CHECK(SubscriberGenerator::kFictional == 94'400);
  const SubscriberGenerator generator(1);
  CHECK(generator.subscriber(SubscriberGenerator::kFictional - 1).number.substr(0, 5) != "+4914");
  CHECK(generator.subscriber(SubscriberGenerator::kFictional).number.substr(0, 5) == "+4914");
}

TEST_CASE("the same seed gives the same subscribers and another seed others") {
  const SubscriberGenerator one(1);
  const SubscriberGenerator again(1);
  const SubscriberGenerator other(2);
  std::size_t equal = 0;
  for (std::size_t i = 0; i < 1'000; ++i) {
    CHECK(one.subscriber(i).number == again.subscriber(i).number);
    CHECK(one.subscriber(i).label == again.subscriber(i).label);
    equal += one.subscriber(i).number == other.subscriber(i).number ? 1 : 0;
  }
  CHECK(equal < 10);
}

TEST_CASE("most subscribers are discoverable and some are not") {
  const SubscriberGenerator generator(1);
  std::size_t discoverable = 0;
  for (std::size_t i = 0; i < 10'000; ++i) {
    discoverable += generator.subscriber(i).discoverable ? 1 : 0;
  }
  CHECK(discoverable > 9'300);
  CHECK(discoverable < 9'700);
}

TEST_CASE("every way of writing a number leads back to it") {
  const SubscriberGenerator generator(1);
  const contact::Normaliser normaliser = *contact::Normaliser::create(std::string("DE"));
  for (std::size_t i = 0; i < 2'000; ++i) {
    const std::string number = generator.subscriber(i).number;
    for (std::uint64_t style = 0; style < 7; ++style) {
      const contact::Normalised normalised = normaliser.normalise(as_people_write(number, style));
      REQUIRE(normalised.identifiers.size() == 1);
      REQUIRE(normalised.identifiers.front().e164() == number);
    }
  }
}

TEST_CASE("the three exports hold the same numbers") {
  const std::vector<BookEntry> book{{"Anna", "Weber", {"+493023125001", "0171 3920011"}},
                                    {"Bert", "Koch", {"+33639980001"}}};
  const contact::Normaliser normaliser = *contact::Normaliser::create(std::string("DE"));
  for (const std::string& text : {write_ios_vcard(book), write_android_vcard(book), write_google_csv(book)}) {
    const Result<contact::AddressBook> read = contact::read_address_book(bytes_of(text));
    REQUIRE(read);
    CHECK(read->rejects.empty());
    const contact::ContactList list = contact::collect({{"book", *read}}, normaliser).value();
    CHECK(list.cards == 2);
    CHECK(list.rejects.at(0).rejects.empty());
    REQUIRE(list.contacts.size() == 3);
    CHECK(list.names[list.contacts[0].names.front()] == "Anna Weber");
    CHECK(list.contacts[1].identifier.e164() == "+491713920011");
    CHECK(list.names[list.contacts[2].names.front()] == "Bert Koch");
  }
}

}  // namespace
}  // namespace blindbook::test_tools
