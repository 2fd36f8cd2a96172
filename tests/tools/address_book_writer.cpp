#include "tests/tools/address_book_writer.h"

#include <cstdint>

namespace blindbook::test_tools {
namespace {

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

/// The digits behind +49, as written within Germany: 0, two or three digits of an area, the rest.
std::string national(std::string_view number, std::string_view between) {
  const std::string_view digits = number.substr(3);
  const std::size_t area = digits.front() == '1' ? 3 : 2;
  return std::string("0").append(digits.substr(0, area)).append(between).append(digits.substr(area));
}

std::string grouped(std::string_view number, std::string_view between) {
  const std::size_t country = number.starts_with("+1") ? 2 : 3;
  std::string out(number.substr(0, country));
  out.append(between).append(number.substr(country, 3)).append(between);
  return out.append(number.substr(country + 3));
}

std::string card(std::string_view head, const BookEntry& entry) {
  return std::string("BEGIN:VCARD\r\nVERSION:3.0\r\n")
      .append(head)
      .append("N:")
      .append(entry.last)
      .append(";")
      .append(entry.first)
      .append(";;;\r\nFN:")
      .append(entry.first)
      .append(" ")
      .append(entry.last)
      .append("\r\n");
}

}  // namespace

std::string as_people_write(std::string_view number, std::uint64_t style) {
  const bool is_german = number.starts_with("+49");
  switch (style % 7) {
    case 1:
      return grouped(number, " ");
    case 2:
      return std::string("00").append(number.substr(1));
    case 3:
      return is_german ? national(number, "") : std::string(number);
    case 4:
      return is_german ? national(number, "/") : grouped(number, "-");
    case 5:
      return is_german ? national(number, "-") : grouped(number, "-");
    case 6:
      return grouped(number, kNoBreakSpace);
    default:
      return std::string(number);
  }
}

std::string write_ios_vcard(const std::vector<BookEntry>& book) {
  std::string out;
  for (const BookEntry& entry : book) {
    out += card("PRODID:-//Apple Inc.//iPhone OS 17.4.1//EN\r\n", entry);
    std::size_t item = 0;
    for (const std::string& number : entry.numbers) {
      if (item == 0) {
        out.append("TEL;type=CELL;type=VOICE;type=pref:").append(number).append("\r\n");
      } else {
        const std::string group = std::string("item").append(std::to_string(item));
        out.append(group).append(".TEL:").append(number).append("\r\n");
        out.append(group).append(".X-ABLabel:_$!<Other>!$_\r\n");
      }
      ++item;
    }
    out += "END:VCARD\r\n";
  }
  return out;
}

std::string write_android_vcard(const std::vector<BookEntry>& book) {
  std::string out;
  for (const BookEntry& entry : book) {
    out += card("", entry);
    for (std::size_t i = 0; i < entry.numbers.size(); ++i) {
      out.append(i == 0 ? "TEL;TYPE=CELL;TYPE=PREF:" : "TEL;TYPE=HOME:")
          .append(entry.numbers[i])
          .append("\r\n");
    }
    out += "END:VCARD\r\n";
  }
  return out;
}

std::string write_google_csv(const std::vector<BookEntry>& book) {
  std::string out(
      "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name "
      "Prefix,"
      "Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization "
      "Department,Birthday,Notes,Photo,"
      "Labels,Phone 1 - Label,Phone 1 - Value\n");
  for (const BookEntry& entry : book) {
    out.append(entry.first).append(",,").append(entry.last).append(",,,,,,,,,,,,,,* myContacts,Mobile,\"");
    for (std::size_t i = 0; i < entry.numbers.size(); ++i) {
      out.append(i == 0 ? "" : " ::: ").append(entry.numbers[i]);
    }
    out += "\"\n";
  }
  return out;
}

}  // namespace blindbook::test_tools
