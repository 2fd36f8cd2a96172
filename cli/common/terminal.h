#pragma once

#include <string>
#include <string_view>

#include "blindbook/base/error.h"

// The voice of this program.
//
// - What was asked for goes to standard output: tables, JSON, CSV, a token, an invitation, help that was
// asked for.
//   Everything else goes to standard error, each line beginning with "blindbook: ".
// - Standard error speaks in clauses: no capital at the start, no full stop at the end.
//     blindbook: error: the service cannot be reached
//     blindbook: hint: is the address right?
//     blindbook: warning: the root key lies beside the keys it vouches for
//     blindbook: read 312 numbers
//   An error comes last and once. Each error that a user can repair has a hint, which says how.
// - What others chose (names, labels, file names, what a server answered) passes printable() before it is
// shown in
//   text: no escape sequence, no line break, no reordering reaches the terminal. JSON escapes the same
//   characters.
// - No secret is printed, with the one exception of `blindbook token`, whose purpose that is.
// - Progress is shown on a terminal only, for work that takes longer than a second. Colour is left out where
// NO_COLOR
//   is set or TERM is "dumb".
// - Exit codes: exit_code.h.
//
// One exception: `blindbook serve` writes its log to standard error, as JSON lines for a collector, or as text
// (serve_log.h).
namespace blindbook::cli {

/// Writes `text` to standard output as it is.
void print(std::string_view text);

/// Writes out what print() was given. Unavailable "output.write" when standard output did not take
/// everything.
[[nodiscard]] Result<void> finish_output();

/// Lines on standard error: "blindbook: <text>", "blindbook: warning: <text>", "blindbook: hint: <text>". The
/// hint of an error goes with it through report().
/// @{
void note(std::string_view text);
void warn(std::string_view text);
void hint(std::string_view text);
/// @}

/// "blindbook: error: .." and, where there is one, "blindbook: hint: .."; a broken rule of our own libraries
/// is introduced as an internal error.
void report(const Error& error);

[[nodiscard]] bool stdin_is_terminal();
[[nodiscard]] bool stderr_is_terminal();
/// True unless NO_COLOR is set to something or TERM is "dumb" or absent.
[[nodiscard]] bool colour_is_welcome();

}  // namespace blindbook::cli
