#include "blindbook/contact/address_book_builder.h"

#include <utility>

#include "blindbook/contact/dial_string.h"
#include "blindbook/contact/shortened.h"

namespace blindbook::contact {

std::size_t AddressBookBuilder::begin_card(std::size_t line) {
  if (book_.contacts.size() < kMaxCards) {
    book_.contacts.push_back({{}, {}, line});
  } else if (!passed_) {
    passed_ = Limit::kCards;  // and the last card stands in: nothing of it will be seen
  }
  return book_.contacts.size() - 1;
}

void AddressBookBuilder::name(std::size_t card, std::string name) {
  std::string& kept = book_.contacts[card].name;
  text_ -= kept.size();
  kept = shortened(std::move(name), kMaxName);
  count_text(kept.size());
}

bool AddressBookBuilder::add_number(std::size_t card, std::string value, std::size_t line) {
  if (value.size() > kMaxRawNumber) {
    reject(line, std::move(value), RejectReason::kTooLong);
    return false;
  }
  count_number();
  count_text(value.size());
  if (full()) {
    return false;
  }
  book_.contacts[card].numbers.push_back({std::move(value), line});
  return true;
}

void AddressBookBuilder::reject_last_number(std::size_t card, RejectReason reason) {
  std::vector<RawNumber>& numbers = book_.contacts[card].numbers;
  book_.rejects.push_back(make_reject(numbers.back().line, std::move(numbers.back().value), reason));
  numbers.pop_back();
}

void AddressBookBuilder::reject(std::size_t line, std::string value, RejectReason reason) {
  count_number();
  Reject made = make_reject(line, std::move(value), reason);
  count_text(made.value.size());
  if (!full()) {
    book_.rejects.push_back(std::move(made));
  }
}

void AddressBookBuilder::count_number() {
  if (++numbers_ > kMaxNumbers && !passed_) {
    passed_ = Limit::kNumbers;
  }
}

void AddressBookBuilder::count_text(std::size_t bytes) {
  text_ += bytes;
  if (text_ > kMaxBookText && !passed_) {
    passed_ = Limit::kText;
  }
}

Result<AddressBook> AddressBookBuilder::finish() && {
  if (!passed_) {
    return std::move(book_);
  }
  const std::string what = *passed_ == Limit::kCards ? std::to_string(kMaxCards) + " cards"
                           : *passed_ == Limit::kNumbers
                               ? std::to_string(kMaxNumbers) + " numbers"
                               : std::to_string(kMaxBookText) + " bytes of names and numbers";
  return bad_input("contact.too-many", "the address book holds more than " + what,
                   "leave out what is no contact, or look up a part of it at a time");
}

}  // namespace blindbook::contact
