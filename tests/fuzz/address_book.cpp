// Address books, as read_address_book() meets them. One source for every format: what differs is the corpus.
#include "blindbook/contact/address_book.h"

#include <algorithm>
#include <string>
#include <vector>

#include "blindbook/base/utf8.h"
#include "blindbook/contact/reject_reason.h"

#include "tests/fuzz/fuzz.h"

namespace blindbook::fuzz {
namespace {

using namespace contact;

/// Far below kMaxContentLine, so that a name or number escaped and repaired still fits a line of a vCard.
constexpr std::size_t kMaxInput = 8192;

AddressBook read_again(ByteView file, const ReadOptions& options = {}) {
  Result<AddressBook> book = read_address_book(file, options);
  require(book.has_value(), "a file that was read once is read again");
  return std::move(*book);
}

void check_shape(const AddressBook& book, std::size_t lines) {
  for (const Contact& contact : book.contacts) {
    require(is_valid_utf8(contact.name), "a name is UTF-8");
    require(contact.line >= 1 && contact.line <= lines, "a card begins on a line of the file");
    for (const RawNumber& number : contact.numbers) {
      require(is_valid_utf8(number.value) && !number.value.empty(), "a number is UTF-8 and not empty");
      require(number.line >= contact.line && number.line <= lines, "a number stands inside its card");
    }
  }
  for (const Reject& reject : book.rejects) {
    require(reject.line >= 1 && reject.line <= lines, "a reject stands on a line of the file");
    require(is_valid_utf8(reject.value) && reject.value.size() <= kMaxRejectValue,
            "the value of a reject is UTF-8 of bounded length");
    require(!describe(reject.reason).empty() && !is_warning(reject.reason),
            "a reader rejects for a known reason");
  }
}

/// Every number that was used or rejected, in an order of its own.
std::vector<std::string> all_numbers(const AddressBook& book) {
  std::vector<std::string> out;
  const auto add = [&](std::size_t line, const std::string& value) {
    out.push_back(make_reject(line, value, RejectReason::kEmpty).value + " " + std::to_string(line));
  };
  for (const Contact& contact : book.contacts) {
    for (const RawNumber& number : contact.numbers) {
      add(number.line, number.value);
    }
  }
  for (const Reject& reject : book.rejects) {
    add(reject.line, reject.value);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
  return text;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : one_line(std::string(text))) {
    out.append(c == '\\' ? "\\\\" : std::string(1, c));
  }
  return out;
}

std::string as_vcard(const AddressBook& book) {
  std::string out = "BEGIN:VCARD\n";
  for (const Contact& contact : book.contacts) {
    out.append("BEGIN:VCARD\nVERSION:4.0\nFN:").append(escaped(contact.name)).append("\n");
    for (const RawNumber& number : contact.numbers) {
      out.append("TEL:").append(escaped(number.value)).append("\n");
    }
    out.append("END:VCARD\n");
  }
  return out;
}

}  // namespace

void run(ByteView input) {
  if (input.size() > kMaxInput) {
    return;
  }
  const Result<AddressBook> book = read_address_book(input);
  if (!book) {
    require_refusal(book.error(), Fault::kBadInput, {"contact.format"});
    return;
  }
  const auto line_ends =
      std::count_if(input.begin(), input.end(), [](auto c) { return c == '\r' || c == '\n'; });
  check_shape(*book, 1 + static_cast<std::size_t>(line_ends));

  const AddressBook with_fax = read_again(input, {.include_fax_and_pager = true});
  require(with_fax.contacts.size() == book->contacts.size(), "fax numbers make no card");
  require(all_numbers(with_fax) == all_numbers(*book), "a number is used or rejected, never lost");

  const std::string rewritten = as_vcard(*book);
  const AddressBook again = read_again(bytes_of(rewritten));
  require(again.rejects.empty(), "what was read has nothing more to reject");
  require(again.contacts.size() == book->contacts.size() + 1, "cards survive being written as vCards");
  for (std::size_t i = 0; i < book->contacts.size(); ++i) {
    const Contact& before = book->contacts[i];
    const Contact& after = again.contacts[i + 1];
    require(after.name == one_line(before.name), "a name survives being written as a vCard");
    require(
        std::equal(before.numbers.begin(), before.numbers.end(), after.numbers.begin(), after.numbers.end(),
                   [](const RawNumber& a, const RawNumber& b) { return one_line(a.value) == b.value; }),
        "numbers survive being written as a vCard");
  }
}

}  // namespace blindbook::fuzz
