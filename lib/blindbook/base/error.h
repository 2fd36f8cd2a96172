#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace blindbook {

/// Whose fault an error is. Callers branch on this and on nothing finer.
enum class Fault {
  kPeerMisbehaved,  ///< The other side broke the protocol: a signature, proof, root or encoding is wrong.
  kBadInput,        ///< What this side's user handed in cannot be used: a file, a row, a number, a token.
  kApiMisuse,       ///< The calling program broke a documented rule of this library.
  kUnavailable,     ///< Nobody's fault: network, disk or clock were not as needed. Trying again may help.
  kSpent,           ///< The account's allowance does not cover the request.
};

/// Stable lower-case name: "peer-misbehaved", "bad-input", "api-misuse", "unavailable", "spent".
[[nodiscard]] std::string_view name(Fault fault) noexcept;

/// Why an operation did not happen. Holds no secret, number, tag or point, so that it may be shown and
/// logged.
struct Error {
  Fault fault;
  /// The rule that rejected, a stable name such as "announcement.signature"; listed in docs/spec/errors.md.
  std::string_view rule;
  /// One clause for a person: no capital at its start, no full stop at its end.
  std::string message;
  /// What the user can do about it; empty when there is nothing.
  std::string hint = {};
};

/// A value, or the reason why there is none.
template <class T>
using Result = tl::expected<T, Error>;

/// Shorthands for `return peer_misbehaved("announcement.signature", "the signature does not verify");`
/// @{
[[nodiscard]] tl::unexpected<Error> peer_misbehaved(std::string_view rule, std::string message,
                                                    std::string hint = {});
[[nodiscard]] tl::unexpected<Error> bad_input(std::string_view rule, std::string message,
                                              std::string hint = {});
[[nodiscard]] tl::unexpected<Error> api_misuse(std::string_view rule, std::string message,
                                               std::string hint = {});
[[nodiscard]] tl::unexpected<Error> unavailable(std::string_view rule, std::string message,
                                                std::string hint = {});
[[nodiscard]] tl::unexpected<Error> spent(std::string_view rule, std::string message, std::string hint = {});
/// @}

/// Passes the error of `result` on as the error of any other Result.
template <class T>
[[nodiscard]] tl::unexpected<Error> failed(Result<T>& result) {
  return tl::unexpected<Error>(std::move(result.error()));
}

}  // namespace blindbook
