#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "blindbook/contact/reject.h"

namespace blindbook::contact {

// None of these can be streamed: names and numbers must not slip into a log line.

/// A number as it stands in an address book.
struct RawNumber {
  std::string value;  ///< Valid UTF-8, unescaped, without white space around it; never empty, and at most
                      ///< kMaxRawNumber bytes.
  std::size_t
      line;  ///< Line of the file, from 1, on which it stands (of a CSV file: on which its record begins).
};

/// One card or row of an address book.
struct Contact {
  std::string name;                ///< Valid UTF-8, at most kMaxName bytes; empty when the book names nobody.
  std::vector<RawNumber> numbers;  ///< In the order of the book; may be empty.
  std::size_t line;                ///< Line, from 1, on which the card or row begins.
};

/// Longer names are cut at a character and end in an ellipsis.
inline constexpr std::size_t kMaxName = 256;

/// What a file holds.
struct AddressBook {
  std::vector<Contact> contacts;
  std::vector<Reject> rejects;  ///< What the reader itself left out: fax and pager numbers, damaged rows, ..
};

/// The limits of one book, which bound the memory that any file can take. No person's address book is near
/// them.
/// @{
inline constexpr std::size_t kMaxCards = std::size_t{1} << 20;
inline constexpr std::size_t kMaxNumbers = std::size_t{1} << 20;    ///< Those rejected included.
inline constexpr std::size_t kMaxBookText = std::size_t{64} << 20;  ///< Bytes of all its names and numbers.
/// @}

/// What a reader is asked to do.
struct ReadOptions {
  bool include_fax_and_pager = false;  ///< Otherwise such numbers become rejects "fax-or-pager".
};

}  // namespace blindbook::contact
