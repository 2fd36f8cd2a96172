#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace blindbook::bench {

/// Reads `PROGRAM [--name N]..` into the numbers that `names` points to, and returns PROGRAM. Throws, with `usage`, at
/// anything else.
inline std::string parse_options(const std::vector<std::string>& words,
                                 const std::map<std::string, std::size_t*>& names, const char* usage) {
  bool good = words.size() % 2 == 1;
  for (std::size_t i = 1; good && i < words.size(); i += 2) {
    const auto found = names.find(words[i]);
    const char* const end = words[i + 1].data() + words[i + 1].size();
    good = found != names.end() &&
           std::from_chars(words[i + 1].data(), end, *found->second) == std::from_chars_result{end, {}};
  }
  if (!good) {
    throw std::runtime_error(usage);
  }
  return words.front();
}

}  // namespace blindbook::bench
