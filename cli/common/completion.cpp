#include "cli/common/completion.h"

#include <map>
#include <string_view>
#include <vector>

#include "cli/common/option_table.h"

namespace blindbook::cli {
namespace {

/// What a shell can know of a value by its name in the option table.
enum class Value {
  kNone,    ///< a switch, or a command without an argument
  kWords,   ///< one of the words in the table
  kFile,    ///< the path of a file
  kFolder,  ///< the path of a folder
  kFree,    ///< whatever a person thinks of
};

/// Names to fill in stand in capitals, words to be typed as they are do not.
Value value_of(std::string_view argument) {
  if (argument.empty()) {
    return Value::kNone;
  }
  if (argument.find_first_of("abcdefghijklmnopqrstuvwxyz") != std::string_view::npos) {
    return Value::kWords;
  }
  if (argument == "DIR" || argument == "NEW" || argument == "BACKUP") {
    return Value::kFolder;
  }
  return argument == "FILE" || argument == "SRC" ? Value::kFile : Value::kFree;
}

std::string replaced(std::string_view text, const std::map<char, std::string_view>& replacements) {
  std::string out;
  for (const char c : text) {
    const auto found = replacements.find(c);
    out += found == replacements.end() ? std::string_view(&c, 1) : found->second;
  }
  return out;
}

/// "text|json" as "text json".
std::string words_of(std::string_view choice) {
  return replaced(choice, {{'|', " "}});
}

std::vector<OptionRow> options_of(const CommandRow& command) {
  std::vector<OptionRow> out;
  for (const OptionRow& row : options()) {
    if (row.belongs_to(command.command)) {
      out.push_back(row);
    }
  }
  return out;
}

// --- bash ---

/// The lines of one command inside the case over commands.
std::string bash_case(const CommandRow& command) {
  // What to do -> the options whose value it is done for.
  std::map<std::string, std::string> values;
  std::string offered;
  for (const OptionRow& row : options_of(command)) {
    const std::string option = "--" + std::string(row.name);
    offered += option + " ";
    const Value value = value_of(row.argument);
    if (value == Value::kNone) {
      continue;
    }
    std::string& of_action =
        values[value == Value::kWords    ? "_blindbook_words " + words_of(row.argument) + "; "
               : value == Value::kFile   ? "_blindbook_paths default; "
               : value == Value::kFolder ? "_blindbook_paths dirnames; "
                                         : ""];
    of_action += (of_action.empty() ? "" : " | ") + option;
  }
  std::string out = "    " + std::string(command.name) + ")\n";
  if (!values.empty()) {
    out += "      case $previous in\n";
    for (const auto& [action, names] : values) {
      out += std::string("        ").append(names).append(") ").append(action).append("return ;;\n");
    }
    out += "      esac\n";
  }
  switch (value_of(command.positional)) {
    case Value::kWords:
      offered = words_of(command.positional) + " " + offered;
      break;
    case Value::kFile:
      out += "      case $current in -*) ;; *) _blindbook_paths default; return ;; esac\n";
      break;
    default:
      break;
  }
  return out + "      _blindbook_words " + offered + "--help\n      ;;\n";
}

}  // namespace

std::string bash_completion() {
  std::string names;
  std::string cases;
  for (const CommandRow& command : commands()) {
    names += std::string(command.name) + " ";
    cases += bash_case(command);
  }
  return R"(# bash completion of blindbook, printed by: blindbook completion bash

# The words that begin as $current does.
_blindbook_words() {
  mapfile -t COMPREPLY < <(compgen -W "$*" -- "$current")
}

# Leaves paths to readline, which knows how to quote them: default or dirnames.
_blindbook_paths() {
  compopt -o "$1"
}

_blindbook() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  # To bash the = in --option=value is a word.
  if [[ $current == "=" ]]; then
    current=
  elif [[ $previous == "=" ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _blindbook_words )" +
         names + R"(--help --version
    return
  fi
  case ${COMP_WORDS[1]} in
)" + cases +
         R"(  esac
}

complete -F _blindbook blindbook
)";
}

// --- zsh ---

namespace {

/// Inside single quotes, a backslash before what _arguments reads in a special way there.
/// @{
std::string zsh_message(std::string_view text) {
  return replaced(text, {{'\'', "'\\''"}, {'\\', "\\\\"}, {':', "\\:"}});
}
std::string zsh_description(std::string_view text) {
  return replaced(text, {{'\'', "'\\''"}, {'\\', "\\\\"}, {':', "\\:"}, {'[', "\\["}, {']', "\\]"}});
}
/// @}

/// ":what:how to complete it" for a value.
std::string zsh_value(std::string_view what, std::string_view argument) {
  std::string begin = ":" + zsh_message(what) + ":";
  switch (value_of(argument)) {
    case Value::kNone:
      return "";
    case Value::kWords:
      return begin + "(" + words_of(argument) + ")";
    case Value::kFile:
      return begin + "_files";
    case Value::kFolder:
      return begin + "_files -/";
    case Value::kFree:
      return begin;
  }
  return "";
}

std::string zsh_case(const CommandRow& command) {
  std::string out = "        " + std::string(command.name) + ")\n          _arguments \\\n";
  for (const OptionRow& row : options_of(command)) {
    const bool takes_value = !row.argument.empty();
    const std::string_view what = row.is_choice() ? row.name : row.argument;
    out += "            '" + std::string(row.occurs == Occurs::kRepeated ? "*" : "") + "--" +
           std::string(row.name) + (takes_value ? "=" : "") + "[" + zsh_description(row.help) + "]" +
           zsh_value(what, row.argument) + "' \\\n";
  }
  if (!command.positional.empty()) {
    out += "            '1" + zsh_value(command.positional, command.positional) + "' \\\n";
  }
  return out + "            '(- *)'{-h,--help}'[show options and an example]'\n          ;;\n";
}

}  // namespace

std::string zsh_completion() {
  std::string names;
  std::string cases;
  for (const CommandRow& command : commands()) {
    names += "        '" + std::string(command.name) + ":" + zsh_message(command.summary) + "'\n";
    cases += zsh_case(command);
  }
  return R"(#compdef blindbook
# zsh completion of blindbook, printed by: blindbook completion zsh

_blindbook() {
  local curcontext=$curcontext state line
  local -a commands
  local -A opt_args
  _arguments -C \
    '(- *)'{-h,--help}'[show the commands]' \
    '(- *)--version[show version, suites and kernels]' \
    '1:command:->command' \
    '*::argument:->argument'
  case $state in
    command)
      commands=(
)" + names +
         R"(      )
      _describe -t commands command commands
      ;;
    argument)
      case $words[1] in
)" + cases +
         R"(      esac
      ;;
  esac
}

# As a file of the fpath this is the function itself, called for the first time.
if [[ $funcstack[1] == _blindbook ]]; then
  _blindbook "$@"
else
  compdef _blindbook blindbook
fi
)";
}

}  // namespace blindbook::cli
