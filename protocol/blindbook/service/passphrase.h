#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "blindbook/base/error.h"
#include "blindbook/base/secret.h"

namespace blindbook::service {

/// Yields the passphrase of an operator's keys, each time it is called.
using PassphraseSource = std::function<Result<SecretBytes>()>;

inline constexpr std::size_t kMaxPassphraseBytes = 1'024;

/// The first line of `path`, without its line end. BadInput "passphrase.empty" when there is nothing on it,
/// "passphrase.length" when it is longer than kMaxPassphraseBytes, "file.access" when others may read the
/// file, and the other errors of read_secret_file().
[[nodiscard]] Result<SecretBytes> read_passphrase_file(const std::filesystem::path& path);

/// Where the passphrase comes from: `file` when given, else $CREDENTIALS_DIRECTORY/passphrase (systemd's
/// LoadCredential) when it exists, else `ask`, which asks a person on a terminal. Never from the environment
/// itself or the command line. BadInput "passphrase.missing", when it is called, if there is none of these.
[[nodiscard]] PassphraseSource choose_passphrase_source(const std::optional<std::filesystem::path>& file,
                                                        PassphraseSource ask);

/// Asks `source` when it is called first, and afterwards yields the same passphrase without it: for a program that
/// needs it again when nobody is there to answer. Errors are not kept. May be called from several threads.
[[nodiscard]] PassphraseSource remembered(PassphraseSource source);

}  // namespace blindbook::service
