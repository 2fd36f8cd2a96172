#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/error.h"

#include "cli/common/option_table.h"

namespace blindbook::cli {

/// What was said after the name of a command, held against the option table: every option belongs to the
/// command, required ones are there, none but the repeatable comes twice, choices are among their words.
class Arguments {
 public:
  /// `words` are those behind the command's name. BadInput "usage.option" (naming what exists),
  /// "usage.value", "usage.missing", "usage.repeated", "usage.choice", "usage.argument". With --help among
  /// the words nothing is required.
  [[nodiscard]] static Result<Arguments> parse(const CommandRow& command, std::span<const char* const> words);

  [[nodiscard]] const CommandRow& command() const noexcept { return *command_; }
  [[nodiscard]] bool wants_help() const { return has("help"); }

  /// A switch, or any option, was given.
  [[nodiscard]] bool has(std::string_view option) const { return values_.find(option) != values_.end(); }
  /// The value of an option, if given.
  [[nodiscard]] std::optional<std::string> value(std::string_view option) const;
  /// The value of a required option.
  [[nodiscard]] const std::string& required(std::string_view option) const;
  /// All values of a repeatable option.
  [[nodiscard]] const std::vector<std::string>& all(std::string_view option) const;
  /// The argument that is no option, if given.
  [[nodiscard]] const std::optional<std::string>& positional() const noexcept { return positional_; }

 private:
  explicit Arguments(const CommandRow& command) : command_(&command) {}
  [[nodiscard]] Result<void> check() const;

  const CommandRow* command_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::optional<std::string> positional_;
};

/// The hint of every error of usage: "blindbook <command> --help shows ..".
[[nodiscard]] std::string help_hint(const CommandRow& command);

}  // namespace blindbook::cli
