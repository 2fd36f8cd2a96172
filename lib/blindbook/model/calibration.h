#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// What one machine was measured to take for each piece of work: what every figure of speed is made of.
namespace blindbook::model {

/// CPU time of one core, in nanoseconds, or in picoseconds where the unit of work is that small (`_ps`). How each is
/// measured stands in docs/spec/calibration.md.
struct Calibration {
  std::string machine;  ///< processor and system, for people
  std::string kernel;   ///< of the group arithmetic: "ifma"
  std::string suite;    ///< as on the command line: "ristretto255-sha512"
  std::string commit;   ///< of the program that was measured

  // The client, `blindbook discover`.
  std::uint64_t client_start_ns = 0;   ///< a run besides what follows: start, connections, state
  std::uint64_t client_number_ns = 0;  ///< a number of the address book: read, normalised, looked up, kept
  std::uint64_t blind_ns = 0;          ///< an element: blinded
  std::uint64_t finalize_ns = 0;       ///< an element: verified, unblinded, finalized
  std::uint64_t client_batch_ns = 0;   ///< a batch, besides its elements
  std::uint64_t read_entry_ps = 0;     ///< an entry of a directory: decoded, hashed, compared
  std::uint64_t fetch_byte_ps = 0;     ///< a byte of a directory: fetched over TLS, hashed, kept
  std::uint64_t patch_entry_ps = 0;    ///< an entry of a directory that a patch is applied to, and read
  std::uint64_t patch_byte_ps = 0;     ///< a byte of it: read, hashed, written
  // The service, `blindbook serve`.
  std::uint64_t serve_run_ns = 0;       ///< a client's run: connections, HTTP, token, charge
  std::uint64_t evaluate_ns = 0;        ///< an element: decoded, evaluated, proved
  std::uint64_t evaluate_batch_ns = 0;  ///< a batch, besides its elements
  std::uint64_t serve_byte_ps = 0;      ///< a byte of a directory or patch: sent over TLS
  // The publisher, `blindbook publish`.
  std::uint64_t publish_start_ns = 0;  ///< a run besides what follows: start, announcement
  std::uint64_t publish_row_ns =
      0;                          ///< a row for the first time: read, normalised, evaluated, sorted, written
  std::uint64_t seal_ns = 0;      ///< its label: sealed, written
  std::uint64_t kept_row_ns = 0;  ///< a row that the last edition had
  std::uint64_t star_entry_ps = 0;  ///< an entry of the directory, for each patch that leads to it

  friend bool operator==(const Calibration&, const Calibration&) = default;
};

/// A figure of Calibration, under the name it has in files.
struct CalibrationField {
  std::string_view name;
  std::uint64_t Calibration::*value;
};

/// All figures, in the order above.
[[nodiscard]] std::span<const CalibrationField> calibration_fields() noexcept;

/// shipped_calibration.json as it stands in the tree, built into the library: of schema "blindbook.calibration/1"
/// (docs/spec/calibration.md), and of the machine it names.
[[nodiscard]] std::string_view shipped_calibration_text() noexcept;

/// No figure is above an hour in nanoseconds, or that many picoseconds: far beyond any machine, and low enough that no
/// sum of products overflows a double's range.
inline constexpr std::uint64_t kMostCalibrated = 3'600'000'000'000;

}  // namespace blindbook::model
