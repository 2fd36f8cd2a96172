#include "cli/common/arguments.h"

#include <algorithm>

// A file name may hold a comma: no delimiter splits a value.
#define CXXOPTS_VECTOR_DELIMITER '\0'
#define CXXOPTS_NO_REGEX true
#include <cxxopts.hpp>

namespace blindbook::cli {
namespace {

bool belongs(const OptionRow& row, const CommandRow& command) {
  return row.belongs_to(command.command);
}

std::string options_of(const CommandRow& command) {
  std::string out;
  for (const OptionRow& row : options()) {
    if (belongs(row, command)) {
      out += (out.empty() ? "--" : ", --") + std::string(row.name);
    }
  }
  return out;
}

std::string with_dashes(std::string_view name) {
  return "--" + std::string(name);
}

tl::unexpected<Error> missing_value(const CommandRow& command, std::string_view option) {
  return bad_input("usage.value", with_dashes(option) + " needs a value", help_hint(command));
}

bool looks_like_option(const std::string& word) {
  return word.size() > 1 && word.starts_with('-');
}

tl::unexpected<Error> unknown_option(const CommandRow& command, const std::string& word) {
  const std::string option = word.substr(0, word.find('='));
  return bad_input("usage.option", "blindbook " + std::string(command.name) + " has no option " + option,
                   "it has " + options_of(command));
}

cxxopts::Options parser_for(const CommandRow& command) {
  cxxopts::Options parser("blindbook");
  parser.allow_unrecognised_options();
  auto add = parser.add_options();
  for (const OptionRow& row : options()) {
    if (belongs(row, command)) {
      add(std::string(row.name), "",
          row.argument.empty() ? cxxopts::value<bool>() : cxxopts::value<std::vector<std::string>>());
    }
  }
  add("h,help", "", cxxopts::value<bool>());
  return parser;
}

std::vector<const char*> as_argv(std::span<const char* const> words) {
  std::vector<const char*> out{"blindbook"};
  out.insert(out.end(), words.begin(), words.end());
  return out;
}

}  // namespace

std::string help_hint(const CommandRow& command) {
  return "blindbook " + std::string(command.name) + " --help shows what it takes";
}

Result<Arguments> Arguments::parse(const CommandRow& command, std::span<const char* const> words) {
  Arguments out(command);
  const std::vector<const char*> argv = as_argv(words);
  cxxopts::Options parser = parser_for(command);
  cxxopts::ParseResult parsed;
  try {
    parsed = parser.parse(static_cast<int>(argv.size()), argv.data());
  } catch (const cxxopts::exceptions::missing_argument&) {
    return missing_value(command, std::string_view(words.back()).substr(2));
  } catch (const cxxopts::exceptions::exception&) {
    return bad_input("usage.value", "a switch takes no value", help_hint(command));
  }
  for (const cxxopts::KeyValue& given : parsed.arguments()) {
    // cxxopts takes the next word for a value, whatever it is.
    if (given.value().empty() || given.value().starts_with("--")) {
      return missing_value(command, given.key());
    }
    out.values_[given.key()].push_back(given.value());
  }
  // What no option took: an unknown option first, since the words behind it may be its values.
  const std::vector<std::string>& rest = parsed.unmatched();
  if (const auto unknown = std::ranges::find_if(rest, looks_like_option); unknown != rest.end()) {
    return unknown_option(command, *unknown);
  }
  if (!rest.empty() && command.command == kErase) {  // which says no number again
    return bad_input("usage.argument",
                     "the number is read from standard input, and never from the command line",
                     "other users and the history of the shell have seen it there; " + help_hint(command));
  }
  if (rest.size() > (command.positional.empty() ? 0U : 1U)) {
    return bad_input("usage.argument", "'" + rest.back() + "' is one argument too many", help_hint(command));
  }
  if (!rest.empty()) {
    out.positional_ = rest.front();
  }
  if (!out.wants_help()) {
    if (auto checked = out.check(); !checked) {
      return failed(checked);
    }
  }
  return out;
}

Result<void> Arguments::check() const {
  for (const OptionRow& row : options()) {
    if (!belongs(row, *command_)) {
      continue;
    }
    const auto given = values_.find(row.name);
    if (given == values_.end()) {
      if (row.occurs != Occurs::kOptional) {
        return bad_input("usage.missing",
                         with_dashes(row.name) + " " + std::string(row.argument) + " is missing",
                         help_hint(*command_));
      }
      continue;
    }
    for (const std::string& value : given->second) {
      if (row.argument.empty() && value != "true") {
        return bad_input("usage.value", with_dashes(row.name) + " takes no value", help_hint(*command_));
      }
      if (row.is_choice() &&
          ("|" + std::string(row.argument) + "|").find("|" + value + "|") == std::string::npos) {
        return bad_input("usage.choice", with_dashes(row.name) + " cannot be '" + value + "'",
                         "it is one of " + std::string(row.argument));
      }
    }
    if (given->second.size() > 1 && row.occurs != Occurs::kRepeated) {
      return bad_input("usage.repeated", with_dashes(row.name) + " was given more than once",
                       help_hint(*command_));
    }
  }
  return {};
}

std::optional<std::string> Arguments::value(std::string_view option) const {
  const auto given = values_.find(option);
  return given == values_.end() ? std::nullopt : std::optional(given->second.front());
}

const std::string& Arguments::required(std::string_view option) const {
  return all(option).front();
}

const std::vector<std::string>& Arguments::all(std::string_view option) const {
  return values_.find(option)->second;
}

}  // namespace blindbook::cli
