#include "cli/open_from.h"

#include <algorithm>
#include <string>
#include <utility>

#include "blindbook/contact/normaliser.h"
#include "blindbook/protocol/allowance.h"
#include "blindbook/protocol/bearer.h"

#include "cli/common/input.h"

namespace blindbook::cli {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 16;

tl::unexpected<Error> refused(std::string message, std::string hint) {
  return bad_input("usage.open-from", std::move(message), std::move(hint));
}

/// Whether the words of a token's scope, as far as it says one, lack that of labels.
bool lacks_resolve(std::string_view token) {
  const auto claims = protocol::read_bearer(token);
  if (!claims || claims->scope.empty()) {
    return false;  // the service will say
  }
  return (" " + claims->scope + " ").find(" resolve ") == std::string::npos;
}

std::string_view trimmed(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  return first == std::string_view::npos ? std::string_view()
                                         : line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

Result<std::vector<Identifier>> read_open_from(const Arguments& arguments, std::string_view token) {
  std::vector<Identifier> numbers;
  const auto file = arguments.value("open-from");
  if (!file) {
    return numbers;
  }
  const auto& books = arguments.all("contacts");
  if (*file == "-" && std::find(books.begin(), books.end(), "-") != books.end()) {
    return refused("--contacts and --open-from cannot both be standard input", "give one of them as a file");
  }
  if (!token.empty() && lacks_resolve(token)) {
    return bad_input("token.scope", "the access token does not allow to ask for labels",
                     "ask for one whose scope is evaluate and resolve");
  }
  const auto bytes = read_input(*file, kMaxBytes);
  const auto normaliser = contact::Normaliser::create(arguments.value("region"));
  if (!bytes || !normaliser) {
    return tl::unexpected<Error>(bytes ? normaliser.error() : bytes.error());
  }
  std::string_view rest = text_of(*bytes);
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) {
      continue;
    }
    const contact::Normalised normalised = normaliser->normalise(line);
    if (normalised.identifiers.empty()) {
      return refused(*file + ":" + std::to_string(number) + ": this is no number that can be looked up",
                     "write one number a line, with + and its country, or name that by --region");
    }
    numbers.insert(numbers.end(), normalised.identifiers.begin(), normalised.identifiers.end());
  }
  if (numbers.size() > protocol::kLabelAllowance.capacity) {
    return refused("--open-from names more than 256 numbers", "no account can ask for more labels at once");
  }
  return numbers;
}

}  // namespace blindbook::cli
