#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "blindbook/base/error.h"

/// What can be said on the command line, as data: arguments.cpp makes the parser from it and help.cpp the
/// help, and completion.cpp what completes it in a shell, so that none can promise what the others do not
/// keep.
namespace blindbook::cli {

/// Bits, so that one option can belong to several.
enum Command : std::uint16_t {
  kInit = 1U << 0U,
  kPublish = 1U << 1U,
  kServe = 1U << 2U,
  kToken = 1U << 3U,
  kDiscover = 1U << 4U,
  kStatus = 1U << 5U,
  kInspect = 1U << 6U,
  kLedger = 1U << 7U,
  kBackup = 1U << 8U,
  kRestore = 1U << 9U,
  kKey = 1U << 10U,
  kCompletion = 1U << 11U,
  kEpoch = 1U << 12U,
  kErase = 1U << 13U,
  kEstimate = 1U << 14U,
  kBench = 1U << 15U,
};

struct CommandRow {
  Command command;
  std::string_view name;
  std::string_view usage;    ///< what follows the name at least
  std::string_view summary;  ///< one clause
  std::string_view example;  ///< a line that runs as it stands, once those of the commands above have run
  /// The one argument that is no option: such as "FILE", or the words to choose from as "renew|revoke";
  /// empty: none.
  std::string_view positional;
};

enum class Occurs {
  kOptional,
  kRequired,
  kRepeated,  ///< required, and may come again
};

struct OptionRow {
  std::string_view name;      ///< without the dashes
  std::string_view argument;  ///< such as "FILE", or the words to choose from as "text|json"; empty: a switch
  std::uint16_t commands;     ///< of Command
  Occurs occurs;
  std::string_view help;

  [[nodiscard]] bool belongs_to(Command command) const noexcept { return (commands & command) != 0; }
  [[nodiscard]] bool is_choice() const noexcept { return argument.find('|') != std::string_view::npos; }
};

/// In the order in which help lists them.
/// @{
[[nodiscard]] std::span<const CommandRow> commands() noexcept;
[[nodiscard]] std::span<const OptionRow> options() noexcept;
/// @}

/// BadInput "usage.command" naming the commands that exist.
[[nodiscard]] Result<const CommandRow*> find_command(std::string_view name);

}  // namespace blindbook::cli
