#include "blindbook/contact/contact_list.h"

#include <type_traits>
#include <utility>

#include <catch2/catch.hpp>

#include "tests/unit/contact/fixture.h"

namespace blindbook::contact {
namespace {

using test_support::lines_of;
using Names = std::vector<std::string>;

ContactList collect_german(std::vector<NamedBook> books) {
  const Result<Normaliser> normaliser = Normaliser::create("DE");
  REQUIRE(normaliser.has_value());
  Result<ContactList> list = collect(std::move(books), *normaliser);
  REQUIRE(list.has_value());
  return *std::move(list);
}

Names names_of(const ContactList& list, std::size_t contact) {
  Names out;
  for (const std::uint32_t name : list.contacts.at(contact).names) {
    out.push_back(list.names.at(name));
  }
  return out;
}

TEST_CASE("equal numbers merge and keep the order of their first appearance") {
  const auto list = collect_german(
      {{"a",
        {{{"Erika", {{"0171 3920012", 2}, {"030/23125006", 3}}, 1}, {"Erika", {{"+49 171 3920012", 5}}, 4}},
         {}}}});
  CHECK(list.cards == 2);
  REQUIRE(list.contacts.size() == 2);
  CHECK(list.contacts[0].identifier.text() == "tel:+491713920012");
  CHECK(names_of(list, 0) == Names{"Erika"});
  CHECK(list.contacts[1].identifier.text() == "tel:+493023125006");
  CHECK(lines_of(list.rejects).empty());
}

TEST_CASE("one number under two names keeps both names") {
  const auto list = collect_german(
      {{"a", {{{"Erika", {{"0171 3920012", 2}}, 1}}, {}}},
       {"b", {{{"Mama", {{"+49 171 3920012", 2}}, 1}, {"Erika", {{"0171 3920012", 4}}, 3}}, {}}}});
  CHECK(list.cards == 3);
  REQUIRE(list.contacts.size() == 1);
  CHECK(names_of(list, 0) == Names{"Erika", "Mama"});
}

TEST_CASE("an empty name stands only where there is no other") {
  const auto list = collect_german(
      {{"a",
        {{{"", {{"0171 3920012", 2}, {"030 23125006", 3}}, 1}, {"Erika", {{"0171 3920012", 5}}, 4}}, {}}}});
  REQUIRE(list.contacts.size() == 2);
  CHECK(names_of(list, 0) == Names{"Erika"});
  CHECK(names_of(list, 1) == Names{""});
}

TEST_CASE("two numbers in one field give two contacts of one name") {
  const auto list = collect_german({{"a", {{{"Erika", {{"0171 3920011 / 0171 3920012", 2}}, 1}}, {}}}});
  REQUIRE(list.contacts.size() == 2);
  CHECK(names_of(list, 0) == Names{"Erika"});
  CHECK(names_of(list, 1) == Names{"Erika"});
}

TEST_CASE("rejects come by book and line with those of the reader among them") {
  const auto list = collect_german(
      {{"a.vcf",
        {{{"Erika", {{"alice", 2}, {"110", 7}}, 1}}, {{4, "030 23125001", RejectReason::kFaxOrPager}}}},
       {"b.csv", {{{"Max", {{"0171", 2}}, 2}}, {}}}});
  CHECK(list.contacts.empty());
  CHECK(lines_of(list.rejects) ==
        std::vector<std::string>{"a.vcf:2 letters alice", "a.vcf:4 fax-or-pager 030 23125001",
                                 "a.vcf:7 emergency-or-short 110", "b.csv:2 too-short 0171"});
}

TEST_CASE("a number with a warning is a contact and is reported") {
  const auto list = collect_german({{"a", {{{"Erika", {{"49 171 3920012", 2}}, 1}}, {}}}});
  REQUIRE(list.contacts.size() == 1);
  CHECK(lines_of(list.rejects) == std::vector<std::string>{"a:2 country-code-without-plus 49 171 3920012"});
}

TEST_CASE("a book without contacts gives an empty list") {
  const auto list = collect_german({{"a", {}}});
  CHECK(list.cards == 0);
  CHECK(list.contacts.empty());
}

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

TEST_CASE("contacts and numbers cannot be streamed") {
  STATIC_REQUIRE_FALSE(Streamable<Contact>);
  STATIC_REQUIRE_FALSE(Streamable<RawNumber>);
  STATIC_REQUIRE_FALSE(Streamable<Reject>);
  STATIC_REQUIRE_FALSE(Streamable<IdentifiedContact>);
  STATIC_REQUIRE(Streamable<int>);
}

}  // namespace
}  // namespace blindbook::contact
