#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace blindbook::contact {

// None of these can be streamed: names and numbers must not slip into a log line.

/// A number as it stands in an address book.
struct RawNumber {
  std::string value;  ///< Valid UTF-8, unescaped, without white space around it; never empty.
  std::size_t
      line;  ///< Line of the file, from 1, on which it stands (of a CSV file: on which its record begins).
};

/// One card or row of an address book.
struct Contact {
  std::string name;                ///< Valid UTF-8; empty when the book names nobody.
  std::vector<RawNumber> numbers;  ///< In the order of the book; may be empty.
  std::size_t line;                ///< Line, from 1, on which the card or row begins.
};

/// A number that was not used, or used with a doubt, and why.
struct Reject {
  std::string source;  ///< The name the caller gave the book.
  std::size_t line;    ///< As RawNumber::line.
  std::string value;   ///< The number as it stands there, at most kMaxRejectValue bytes; made by others: not
                       ///< safe for a terminal.
  std::string reason;  ///< A stable name of reject_reason.h.
};

/// Longer values are cut at a character and end in an ellipsis.
inline constexpr std::size_t kMaxRejectValue = 200;

/// What a file holds.
struct AddressBook {
  std::vector<Contact> contacts;
  std::vector<Reject> rejects;  ///< What the reader itself left out: fax and pager numbers, damaged rows.
};

/// What a reader is asked to do.
struct ReadOptions {
  bool include_fax_and_pager = false;  ///< Otherwise such numbers become rejects "fax-or-pager".
};

}  // namespace blindbook::contact
