#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace blindbook::test_tools {

/// A contact as a person has it in a phone: the number is written in one of the ways people write numbers.
struct BookEntry {
  std::string first;
  std::string last;
  std::vector<std::string> numbers;
};

/// `number` (E.164) as people write it, by `style` modulo the ways there are: as it is; with spaces; with 00;
/// German numbers with 0 and without the country code, with a slash or a dash; as iOS shows it, with no-break
/// spaces.
[[nodiscard]] std::string as_people_write(std::string_view number, std::uint64_t style);

/// The whole file, as the programs export it.
/// @{
[[nodiscard]] std::string write_ios_vcard(
    const std::vector<BookEntry>& book);  ///< vCard 3.0, grouped TEL, CR LF
[[nodiscard]] std::string write_android_vcard(
    const std::vector<BookEntry>& book);  ///< vCard 3.0, TYPE in capitals
[[nodiscard]] std::string write_google_csv(
    const std::vector<BookEntry>& book);  ///< the dialect of 2024, ` ::: `
/// @}

}  // namespace blindbook::test_tools
