#include "cli/common/terminal.h"

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#include "blindbook/base/printable.h"

namespace blindbook::cli {
namespace {

void write_line(std::string_view kind, std::string_view text) {
  // One call, so that lines of two processes do not mix.
  const std::string line = "blindbook: " + std::string(kind) + printable(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

Result<void> finish_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    return unavailable("output.write", "standard output did not take everything",
                       "is the disk full, or was the pipe closed?");
  }
  return {};
}

void note(std::string_view text) {
  write_line("", text);
}

void warn(std::string_view text) {
  write_line("warning: ", text);
}

void hint(std::string_view text) {
  write_line("hint: ", text);
}

void report(const Error& error) {
  const bool own = error.fault == Fault::kApiMisuse;
  write_line(own ? "internal error: " : "error: ",
             own ? error.message + " (" + std::string(error.rule) + ")" : error.message);
  if (!error.hint.empty()) {
    hint(error.hint);
  }
}

bool stdin_is_terminal() {
  return ::isatty(STDIN_FILENO) == 1;
}

bool stderr_is_terminal() {
  return ::isatty(STDERR_FILENO) == 1;
}

bool colour_is_welcome() {
  const char* const refused = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  return (refused == nullptr || *refused == '\0') && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

}  // namespace blindbook::cli
