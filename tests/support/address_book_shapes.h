#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace blindbook::test_support {

/// Address books of the shapes that cost a careless reader the square of their size, or all of their size in
/// memory. The unit tests hold their heap and the bench their time against the size.
struct AddressBookShape {
  std::string_view name;
  bool is_ballast;                         ///< A constant number of contacts and numbers, however large.
  std::string (*make)(std::size_t bytes);  ///< A book of about that size, which some reader knows.
};

/// `begin`, then `unit` as often as comes to `bytes`, then `end`.
[[nodiscard]] inline std::string repeated(std::string_view begin, std::string_view unit, std::size_t bytes,
                                          std::string_view end) {
  std::string out(begin);
  out.reserve(bytes + unit.size() + end.size());
  while (out.size() < bytes) {
    out += unit;
  }
  return out.append(end);
}

/// `before`, a number of six digits or more, `between`, the number again and `after`, with ever new numbers,
/// as often as comes to `bytes`; all of it behind `begin`.
[[nodiscard]] inline std::string numbered(std::string_view before, std::string_view between,
                                          std::string_view after, std::size_t bytes,
                                          std::string_view begin = "") {
  std::string out(begin);
  out.reserve(bytes + before.size() + between.size() + after.size() + 20);
  for (std::size_t i = 100'000; out.size() < bytes; ++i) {
    const std::string digits = std::to_string(i);
    out.append(before).append(digits).append(between).append(digits).append(after);
  }
  return out;
}

[[nodiscard]] inline std::vector<AddressBookShape> address_book_shapes() {
  using Size = std::size_t;
  return {
      {"one folded photo", true,
       [](Size n) {
         return repeated("BEGIN:VCARD\r\nPHOTO;ENCODING=b:", std::string(74, 'A') + "\r\n ", n,
                         "A\r\nTEL:0171 3920012\r\nEND:VCARD\r\n");
       }},
      {"one photo on one line", true,
       [](Size n) {
         return repeated("BEGIN:VCARD\r\nPHOTO:", "A", n, "\r\nTEL:0171 3920012\r\nEND:VCARD\r\n");
       }},
      {"one folded line without a colon", true,
       [](Size n) { return repeated("BEGIN:VCARD\r\nPHOTO;", "=\r\n ", n, "\r\nEND:VCARD\r\n"); }},
      {"one quoted-printable line", true,
       [](Size n) {
         return repeated("BEGIN:VCARD\r\nNOTE;QUOTED-PRINTABLE:", std::string(70, 'A') + "=\r\n", n,
                         "\r\nEND:VCARD\r\n");
       }},
      {"soft breaks of nothing", true,
       [](Size n) { return repeated("BEGIN:VCARD\r\nFN;QUOTED-PRINTABLE:", "=\n", n, "\nEND:VCARD\n"); }},
      {"one parameter list", true,
       [](Size n) {
         return repeated("BEGIN:VCARD\r\nTEL", ";TYPE=\"a,b\"", n, ":0171 3920012\r\nEND:VCARD\r\n");
       }},
      {"quotes that are not closed", true,
       [](Size n) {
         return repeated("BEGIN:VCARD\r\nTEL;", "\"", n, "\r\nTEL:0171 3920012\r\nEND:VCARD\r\n");
       }},
      {"empty lines", true,
       [](Size n) { return repeated("BEGIN:VCARD\n", "\n", n, "TEL:0171 3920012\nEND:VCARD\n"); }},
      {"empty lines behind a fold", true,
       [](Size n) { return repeated("BEGIN:VCARD\nNOTE:a", "\r\r\n ", n, "\nEND:VCARD\n"); }},
      {"cards that never end", false, [](Size n) { return repeated("", "BEGIN:VCARD\n", n, ""); }},
      {"agents in agents", false,
       [](Size n) { return repeated("BEGIN:VCARD\n", "AGENT:\nBEGIN:VCARD\n", n, ""); }},
      {"agents that end", false,
       [](Size n) {
         return repeated(repeated("BEGIN:VCARD\n", "AGENT:BEGIN:VCARD\n", n / 2, ""), "END:VCARD\n", n, "");
       }},
      {"agents as text in agents", false,
       [](Size n) {
         return repeated(repeated("BEGIN:VCARD\n", "AGENT:BEGIN:VCARD\n", n / 2, ""),
                         "AGENT:BEGIN:VCARD\\nAGENT:BEGIN:VCARD\\\\nTEL:1\n", n, "");
       }},
      {"headings and cells of unread columns", false,
       [](Size n) {
         return repeated(repeated("First Name,Mobile Phone", ",Phone", 60'000, "\n"), "a\n,,1\n", n, "");
       }},
      {"numbers and labels of one card", false,
       [](Size n) { return repeated("BEGIN:VCARD\n", "a.TEL:1\na.X-ABLabel:Fax\n", n, "END:VCARD\n"); }},
      {"a quote of csv that is not closed", true,
       [](Size n) { return repeated("First Name,Mobile Phone\n\"", "a,b\n", n, ""); }},
      {"a quote of csv in every row", false,
       [](Size n) { return repeated("First Name,Mobile Phone\n", "\"a\"b\",\n", n, ""); }},
      {"a row of empty cells", true,
       [](Size n) { return repeated("First Name,Mobile Phone\n", ",", n, "\n"); }},
      {"empty rows", true, [](Size n) { return repeated("First Name,Mobile Phone\n", "\n", n, ""); }},
      {"numbers joined in one cell", false,
       [](Size n) { return repeated("Name,Phone 1 - Value\na,", "1 ::: ", n / 4, "\n"); }},
      {"one comment", true,
       [](Size n) { return repeated("#", "#\n ", n, "\ndn: cn=a\nmobile: 0171 3920012\n"); }},
      {"comments", true, [](Size n) { return repeated("", "#\n", n, "dn: cn=a\nmobile: 0171 3920012\n"); }},
      {"one attribute", true,
       [](Size n) {
         return repeated("dn: cn=a\njpegPhoto:: ", std::string(74, 'A') + "\n ", n,
                         "\nmobile: 0171 3920012\n");
       }},
      {"entries", false, [](Size n) { return repeated("", "dn:\nmobile:: MQ==\n\n", n, ""); }},
      {"numbers with letters joined in every row", false,
       [](Size n) {
         std::string row = "a,";
         for (int i = 0; i < 100; ++i) {
           row += "x:::";
         }
         return repeated("Name,Phone 1 - Value\n", row + "\n", n, "");
       }},
      {"rows of two bytes", false, [](Size n) { return repeated("Name,Phone 1 - Value\n", "a\n", n, ""); }},
      {"as many cards as there may be", false,
       [](Size n) { return repeated("Name,Phone 1 - Value\n", "a\n", std::min(n, Size{2'000'000}), ""); }},
      {"a different name in every card", false,
       [](Size n) { return numbered("BEGIN:VCARD\nFN:" + std::string(240, 'n'), "\nTEL:+491710", "\n", n); }},
      {"a different number in every row", false,
       [](Size n) {
         return numbered(std::string(40, 'n'), ",+491710", "\n", n, "First Name,Mobile Phone\n");
       }},
      {"a different rejected number in every row", false,
       [](Size n) { return numbered("", ",a rather long number ", "\n", n, "First Name,Mobile Phone\n"); }},
      {"one long name with very many numbers", false,
       [](Size n) {
         return numbered("UID:", "\nTEL:+491710", "\n", n,
                         "BEGIN:VCARD\nFN:" + std::string(60'000, 'n') + "\n");
       }},
      {"one number under very many names", false,
       [](Size n) { return numbered("dn:\nmobile:+491713920012\ncn:", "", "\n", n); }},
      {"long numbers", false,
       [](Size n) { return repeated("BEGIN:VCARD\n", "TEL:" + std::string(1024, '1') + "\n", n, ""); }},
      {"numbers longer than any", false,
       [](Size n) { return repeated("BEGIN:VCARD\n", "TEL:" + std::string(1025, '1') + "\n", n, ""); }},
      {"fax numbers", false,
       [](Size n) { return repeated("BEGIN:VCARD\n", "TEL;FAX:030 23125001\n", n, "END:VCARD\n"); }},
      {"fax numbers of an entry", false, [](Size n) { return repeated("dn:\n", "fax:1\n", n, ""); }},
      {"damaged rows", false, [](Size n) { return repeated("dn:\n", "mobile:: *\n", n, ""); }},
      {"utf-16", false,
       [](Size n) {
         using namespace std::string_view_literals;
         return repeated("B\0E\0G\0I\0N\0:\0V\0C\0A\0R\0D\0\n\0"sv, "T\0E\0L\0:\0001\0\n\0"sv, n, ""sv);
       }},
  };
}

}  // namespace blindbook::test_support
