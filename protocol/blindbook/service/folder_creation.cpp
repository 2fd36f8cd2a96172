#include "blindbook/service/folder_creation.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "blindbook/protocol/certificate.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/audit.h"
#include "blindbook/service/sqlite_ledger.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultSlotFolder = "slot";

/// Tells `unfinished` of all that make_operator_folder() itself is going to make in and for `folder`, and
/// settles where the slots lie.
Result<void> plan_files(const fs::path& folder, FolderPlan& plan, UnfinishedFolder& unfinished) {
  for (const char* name : {"keys", kDefaultSlotFolder, "log", "public"}) {
    unfinished.made(folder / name);
  }
  unfinished.made(folder / "config.json");
  unfinished.made(folder / "audit.jsonl");
  for (const char* of_sqlite : {"", "-journal", "-shm", "-wal"}) {
    unfinished.made(folder / std::string("blindbook.db").append(of_sqlite));
  }
  plan.config.slot_folder = kDefaultSlotFolder;
  if (plan.slot_folder) {
    if (Result<void> made = unfinished.make_folder(*plan.slot_folder); !made) {
      return made;
    }
    // Slots of several operators may share a volume: each has names like announcement.slot.
    plan.config.slot_folder =
        fs::absolute(*plan.slot_folder) / protocol::fingerprint_of(plan.config.root).hex();
    unfinished.made(plan.config.slot_folder);
  }
  return {};
}

Result<void> make_folders(const fs::path& folder, const Config& config) {
  for (const fs::path& part : {folder / "keys", folder / config.slot_folder, folder / "log"}) {
    if (Result<void> made = create_folder(part, FileAccess::kOwnerOnly); !made) {
      return made;
    }
  }
  // An empty folder that was there before may have any mode.
  std::error_code error;
  fs::permissions(folder, fs::perms::owner_all, error);
  if (error) {
    return unavailable("file.folder", "cannot close " + folder.string() + " to others: " + error.message());
  }
  return {};
}

/// Puts the public halves of the two signing keys into the config.
Result<void> name_keys(const FolderPlan& plan, const protocol::Ed25519PublicKey& announcement,
                       const protocol::Ed25519PublicKey& token, Config& config) {
  Result<Bytes> certificate =
      protocol::issue_certificate({.serial = plan.certificate_serial,
                                   .key = announcement,
                                   .not_before = plan.now,
                                   .not_after = UnixTime(plan.now.value() + protocol::kCertificateMaxLife)},
                                  plan.root);
  if (!certificate) {
    return failed(certificate);
  }
  config.certificate = std::move(*certificate);
  for (protocol::Issuer& issuer : config.issuers) {
    if (issuer.name == kOwnIssuer) {
      issuer = protocol::Issuer{kOwnIssuer, protocol::kid_of(token), token};
    }
  }
  return {};
}

Result<void> store_keys(OperatorFolder& folder, const protocol::Ed25519SecretKey& announcement,
                        const protocol::Ed25519SecretKey& token, RandomSource& random) {
  if (Result<void> stored =
          folder.keys().store(kAnnouncementKey, protocol::KeyKind::kAnnouncement,
                              folder.config().key_protection, announcement.seed().expose(), random);
      !stored) {
    return stored;
  }
  return folder.keys().store(kTokenKey, protocol::KeyKind::kToken, protocol::KeyProtection::kNone,
                             token.seed().expose(), random);
}

}  // namespace

Result<OperatorFolder> make_operator_folder(const fs::path& folder, FolderPlan plan, RandomSource& random) {
  const oprf::Suite* suite = oprf::find_suite(plan.config.suite);
  if (suite == nullptr) {
    return bad_input("folder.suite", "this build does not have that suite");
  }
  UnfinishedFolder unfinished;
  Result<void> done = unfinished.begin(folder);
  if (done) {
    done = plan_files(folder, plan, unfinished);
  }
  if (done) {
    done = make_folders(folder, plan.config);
  }
  const auto announcement = protocol::Ed25519SecretKey::generate(random);
  const auto token = protocol::Ed25519SecretKey::generate(random);
  Config config = plan.config;
  if (done) {
    done = name_keys(plan, announcement.public_key(), token.public_key(), config);
  }
  if (!done) {
    return failed(done);
  }
  OperatorFolder created(folder, std::move(config), *suite, plan.passphrase, plan.cost);
  done = store_keys(created, announcement, token, random);
  if (done) {
    const Result<EpochId> epoch = created.open_epoch(plan.now, random);
    done = epoch ? Result<void>() : tl::unexpected<Error>(epoch.error());
  }
  if (done) {
    done = created.restore_public_folder();
  }
  if (done) {
    done = plan.add(created, unfinished);
  }
  if (done) {
    const auto ledger = SqliteLedger::open(created.ledger_path(), created.config().allowance);
    done = ledger ? Result<void>() : tl::unexpected<Error>(ledger.error());
  }
  if (done) {
    done = append_audit(created.audit_path(), plan.now, plan.command, {{"epochs", 1}});
  }
  if (done) {
    done = created.write_config_file(created.config());
  }
  if (!done) {
    return failed(done);
  }
  unfinished.complete();
  return created;
}

Result<OperatorFolder> OperatorFolder::create(const fs::path& folder, const NewOperator& options,
                                              RandomSource& random) {
  if (Result<void> named = protocol::check_operator_name(options.name); !named) {
    return failed(named);
  }
  const auto root_key_exists = [&] {
    return bad_input("folder.exists", options.root_key_out->string() + " exists",
                     "name a new file for the root key");
  };
  std::error_code ignored;
  if (options.root_key_out && fs::exists(*options.root_key_out, ignored)) {
    return root_key_exists();
  }
  const auto root = protocol::Ed25519SecretKey::generate(random);
  Config config;
  config.root = root.public_key();
  config.operator_name = options.name;
  config.suite = options.suite;
  config.key_protection = options.protection;
  config.public_url = options.public_url;
  config.issuers = {protocol::Issuer{.name = kOwnIssuer, .kid = {}, .key = {}}};
  // The root key may go to another place, so it is written when little can fail any more.
  const auto keep_root_key = [&](OperatorFolder& created, UnfinishedFolder& unfinished) -> Result<void> {
    if (!options.root_key_out) {
      return created.keys().store(kRootKey, protocol::KeyKind::kRoot, options.protection,
                                  root.seed().expose(), random);
    }
    const Result<bool> written =
        write_new_file(*options.root_key_out,
                       protocol::unsealed_key_file(protocol::KeyKind::kRoot, root.seed().expose()).expose(),
                       FileAccess::kOwnerOnly);
    if (!written) {
      return tl::unexpected<Error>(written.error());
    }
    if (!*written) {
      return root_key_exists();
    }
    unfinished.made(*options.root_key_out);
    return {};
  };
  return make_operator_folder(folder,
                              {.config = std::move(config),
                               .root = root,
                               .passphrase = options.passphrase,
                               .slot_folder = options.slot_folder,
                               .cost = options.cost,
                               .now = options.now,
                               .command = "init",
                               .add = keep_root_key},
                              random);
}

}  // namespace blindbook::service
