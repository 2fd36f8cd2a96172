#pragma once

#include <cstdint>
#include <optional>

#include <sys/types.h>

/// What a process has used, as the kernel counts it.
namespace blindbook::bench {

/// CPU seconds of this process, all threads, user and system (CLOCK_PROCESS_CPUTIME_ID).
[[nodiscard]] double cpu_seconds();
/// Those of another process; none when it is gone.
[[nodiscard]] std::optional<double> cpu_seconds_of(pid_t process);

/// Seconds on a clock that is never set.
[[nodiscard]] double wall_seconds();

/// The most memory that this process held at one time, in bytes: VmHWM of /proc/self/status.
[[nodiscard]] std::uint64_t peak_memory();
/// Gives free heap back and lets peak_memory() begin anew at what is held now. Where the kernel does not let it (it was built
/// without that, or runs it for another), peak_memory() stays what it was.
void restart_peak_memory();

/// Holds this process to one core of those that it may use: the first, or, where there is one, the second. A party has one
/// core, as a phone's app or one worker of a service has, and none moves to where the other runs. Best effort.
/// @{
enum class Core { kFirst, kSecond };
void hold_to_one_core(Core core);
/// @}

}  // namespace blindbook::bench
