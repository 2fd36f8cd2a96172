#pragma once

#include <filesystem>
#include <optional>

#include "blindbook/base/error.h"
#include "blindbook/protocol/ed25519.h"
#include "blindbook/service/operator_folder.h"

namespace blindbook::service {

/// The root key that `init --root-key-out` wrote to `file`, which must be the secret half of `root`. BadInput
/// "file.access" when others may read the file, "key.kind" when it holds another kind of key, "key.sealed"
/// when it is one out of an operator's folder, "key.root" when it is another operator's, "key.format", and
/// the other errors of read_secret_file().
[[nodiscard]] Result<protocol::Ed25519SecretKey> read_root_key(const std::filesystem::path& file,
                                                               const protocol::Ed25519PublicKey& root);

/// The root key of `folder`: out of `file` where one is given, else the one in its keys/. BadInput "key.root"
/// when neither is there or it is another operator's; errors of read_root_key() and KeyStore::load().
[[nodiscard]] Result<protocol::Ed25519SecretKey> find_root_key(
    OperatorFolder& folder, const std::optional<std::filesystem::path>& file);

}  // namespace blindbook::service
