#pragma once

#include <optional>
#include <string>
#include <vector>

#include "blindbook/contact/contact_list.h"

namespace blindbook::test_support {

/// An address book of tests/vectors/contact and what its reader must make of it (beside it, as <name>.json).
struct BookFixture {
  std::string name;
  std::string file;
  std::vector<contact::Contact> contacts;
  std::vector<contact::Reject> rejects;
};

/// All of them, ordered by name. Throws when there is none, when one lacks its expectation or an expectation
/// its file, and when an expectation has a key it should not have.
[[nodiscard]] std::vector<BookFixture> book_fixtures();

/// The fixture of that name; throws when there is none.
[[nodiscard]] BookFixture book_fixture(const std::string& name);

/// A row of tests/vectors/contact/normalise*.json (docs/spec/profile-e164-1.md, section 6).
struct NormaliseRow {
  std::string rule;  // what it is about
  std::optional<std::string> region;
  std::string raw;
  std::vector<std::string> identifiers;
  std::string reason;   // empty: none
  std::string warning;  // empty: none
};

/// The rows of all those files; throws when one has none, or a row a key it should not have.
[[nodiscard]] std::vector<NormaliseRow> normalise_rows();

/// One line for each contact and number, to compare and to show. Test data only: Contact is not streamable.
[[nodiscard]] std::vector<std::string> lines_of(const std::vector<contact::Contact>& contacts);
[[nodiscard]] std::vector<std::string> lines_of(const std::vector<contact::Reject>& rejects);
[[nodiscard]] std::vector<std::string> lines_of(const std::vector<contact::BookRejects>& books);

}  // namespace blindbook::test_support
