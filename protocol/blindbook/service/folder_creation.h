#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/unfinished_folder.h"

/// What making an operator's folder is, whether for a new operator (OperatorFolder::create()) or for one
/// whose host was lost (restore.h).
namespace blindbook::service {

/// Name of the issuer that `blindbook token` is.
inline constexpr const char* kOwnIssuer = "blindbook";

struct FolderPlan {
  /// What is settled. certificate, slot_folder and the key of the issuer kOwnIssuer, where there is one, are
  /// filled in.
  Config config;
  const protocol::Ed25519SecretKey& root;  ///< certifies the announcement key
  std::uint64_t certificate_serial = 1;
  PassphraseSource passphrase;  ///< called unless the config says that keys are not sealed
  std::optional<std::filesystem::path> slot_folder;  ///< as NewOperator's
  protocol::ScryptCost cost;
  UnixTime now;              ///< certificate and epoch begin
  std::string_view command;  ///< as the audit trail names it
  /// Adds what else belongs into the folder once its keys are there, and names to the second argument what it
  /// makes outside of keys/, slots, log/, public/, the audit trail and the ledger.
  std::function<Result<void>(OperatorFolder&, UnfinishedFolder&)> add;
};

/// Makes the folder: fresh keys for announcements, tokens and the first epoch, a ledger unless `add` brought
/// one, config.json last. BadInput "folder.exists", "folder.suite", and the errors of the passphrase's source
/// and of `add`; Unavailable "file.folder", "file.write". When it fails it removes what it made, and nothing
/// else.
[[nodiscard]] Result<OperatorFolder> make_operator_folder(const std::filesystem::path& folder,
                                                          FolderPlan plan, RandomSource& random);

}  // namespace blindbook::service
