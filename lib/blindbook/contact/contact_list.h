#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

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
  std::vector<std::string> names;  ///< Distinct, in order of appearance; one empty name when nobody names it.
};

/// What several books come to together.
struct ContactList {
  std::size_t cards = 0;                    ///< Cards and rows read, with and without numbers.
  std::vector<IdentifiedContact> contacts;  ///< Distinct identifiers, in order of first appearance.
  /// By book and then by line: what the readers left out, what the normaliser refused, and its warnings
  /// (is_warning(): those numbers are among the contacts).
  std::vector<Reject> rejects;
};

/// Normalises every number of `books` and merges equal ones, also across books.
[[nodiscard]] ContactList collect(std::span<const NamedBook> books, const Normaliser& normaliser);

}  // namespace blindbook::contact
