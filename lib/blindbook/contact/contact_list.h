#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/identifier.h"
#include "blindbook/contact/contact.h"
#include "blindbook/contact/normaliser.h"

namespace blindbook::contact {

/// An address book and the name under which its rejects are reported.
struct NamedBook {
  std::string source;
  AddressBook book;
};

/// A number and the names it stands under.
struct IdentifiedContact {
  Identifier identifier;
  /// Places in ContactList::names. Distinct, in order of appearance; the empty name alone when nobody names
  /// it.
  std::vector<std::uint32_t> names;
};

/// What was not used of one book, and the warnings (is_warning(): those numbers are among the contacts).
struct BookRejects {
  std::string source;
  std::vector<Reject> rejects;  ///< By line: those of the reader and those of the normaliser.
};

/// What several books come to together.
struct ContactList {
  std::size_t cards = 0;                    ///< Cards and rows read, with and without numbers.
  std::deque<std::string> names;            ///< Distinct; each once, however many numbers it has.
  std::vector<IdentifiedContact> contacts;  ///< Distinct identifiers, in order of first appearance.
  std::vector<BookRejects> rejects;         ///< One for each book, in their order.
};

/// Normalises every number of `books` and merges equal ones, also across books. Each book is given back to
/// the heap as it is read. BadInput "contact.too-many" when together they hold more than kMaxNumbers numbers,
/// those of one field counted each. Time and memory are linear in the numbers and names, and never the
/// product of the two.
[[nodiscard]] Result<ContactList> collect(std::vector<NamedBook> books, const Normaliser& normaliser);

}  // namespace blindbook::contact
