#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/secret.h"
#include "blindbook/protocol/ed25519.h"
#include "blindbook/service/passphrase.h"

#include "cli/common/arguments.h"

/// What commands read besides their arguments.
namespace blindbook::cli {

/// The whole of `path`, or of standard input for "-". Errors of service::read_file(); BadInput "file.size"
/// also when standard input holds more than `max_bytes`.
[[nodiscard]] Result<Bytes> read_input(const std::string& path, std::size_t max_bytes);

/// The root key in an operator.pub file. BadInput "operator.key", naming the file, and those of read_input().
[[nodiscard]] Result<protocol::Ed25519PublicKey> read_operator_key(const std::string& path);

enum class Asking {
  kOnce,   ///< an existing passphrase
  kTwice,  ///< a new one
};

/// --passphrase-file, else the credential, else a terminal: standard input, without echo. Where that is no
/// terminal, the source yields BadInput "passphrase.missing".
[[nodiscard]] service::PassphraseSource passphrase_source(const Arguments& arguments, Asking asking);

}  // namespace blindbook::cli
