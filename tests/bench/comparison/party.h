#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "tests/bench/baselines/protocol.h"

/// One of the two processes of a comparison, from inside. It is told what to do over one socket, on which it gives what it
/// measured, and speaks with the other party over a second one, which is metered.
namespace blindbook::bench {

/// The word on a command line that makes a program a party: `PROGRAM --party service|client PID-OF-PARENT`.
inline constexpr std::string_view kPartyOption = "--party";
/// The sockets that a party finds open: of control, and to the other party.
/// @{
inline constexpr int kControlSocket = 3;
inline constexpr int kPartySocket = 4;
/// @}

/// The longest message on a control socket, in bytes: the positions of all contacts that there can be.
inline constexpr std::size_t kMostControlBytes = std::size_t{1} << 24;

using FindProtocol = std::function<const Protocol*(std::string_view name)>;

/// The whole life of a party, which ends with its parent's. `words` are those behind kPartyOption. Gives the exit code.
[[nodiscard]] int run_party(std::span<const char* const> words, const FindProtocol& find);

}  // namespace blindbook::bench
