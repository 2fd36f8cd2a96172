#pragma once

#include <string>

#include "tests/support/deterministic_random.h"

namespace blindbook::test_support {

/// `text` with one to eight random changes: bytes replaced, removed, repeated or taken from what means
/// something to address books. Same seed, same result.
[[nodiscard]] inline std::string mutated(std::string text, DeterministicRandom& random) {
  static const std::string kTokens[] = {"\r\n ",
                                        "\n",
                                        "\r",
                                        "\"",
                                        ":",
                                        ";",
                                        ",",
                                        "\\",
                                        "BEGIN:VCARD\n",
                                        "END:VCARD",
                                        "TEL:",
                                        "TYPE=FAX",
                                        "\xEF\xBB\xBF",
                                        "\xC3",
                                        " ::: ",
                                        "tel:",
                                        "=\r\n",
                                        "ENCODING=QUOTED-PRINTABLE",
                                        "CHARSET=ISO-8859-1",
                                        "AGENT:\n",
                                        "\ndn: ",
                                        ":: ",
                                        "@",
                                        "\t",
                                        "=",
                                        "(",
                                        ")",
                                        "+",
                                        "/",
                                        std::string(1, '\0')};
  for (std::uint64_t changes = 1 + random.below(8); changes > 0; --changes) {
    const auto at = static_cast<std::size_t>(random.below(text.size() + 1));
    const auto length = static_cast<std::size_t>(random.below(16));
    switch (random.below(4)) {
      case 0:
        text.insert(at, kTokens[random.below(std::size(kTokens))]);
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, text.substr(at, length));
        break;
      default:
        if (at < text.size()) {
          text[at] = static_cast<char>(random.below(256));
        }
    }
  }
  return text;
}

}  // namespace blindbook::test_support
