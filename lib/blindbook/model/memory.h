#pragma once

#include <cstdint>

/// Peaks of resident memory of whole commands, in bytes: straight lines through what was measured at some sizes, of a
/// 64-bit Linux. tests/bench/check_estimate holds them. Stretching a passphrase takes 128 MiB at the start of `publish` and
/// `serve`, and has given them back before these peaks.
namespace blindbook::model {

/// `blindbook discover`, with `numbers` in the address book. A directory streams by, whatever its size.
[[nodiscard]] std::uint64_t client_memory_bytes(std::uint64_t numbers);

/// `blindbook discover --refresh` on a later day, of a client whose directory has `directory` bytes: the one that it holds and
/// the one that a patch makes of it are whole in memory.
[[nodiscard]] std::uint64_t client_daily_memory_bytes(std::uint64_t numbers, std::uint64_t directory);

/// `blindbook publish` of `rows`, whose directory has `directory` bytes.
[[nodiscard]] std::uint64_t publisher_memory_bytes(std::uint64_t rows, std::uint64_t directory);

/// `blindbook serve` that sends directories of `directory` bytes.
[[nodiscard]] std::uint64_t service_memory_bytes(std::uint64_t directory);

}  // namespace blindbook::model
