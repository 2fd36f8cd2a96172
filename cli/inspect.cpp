// `blindbook inspect`: says what a file is, by its magic or its text. Shows sizes, types, ids and times; a
// key file and a state are not opened, and no number, tag or secret is shown.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "blindbook/base/domains.h"
#include "blindbook/directory/header.h"
#include "blindbook/directory/patch.h"
#include "blindbook/directory/root.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/protocol/invitation.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/protocol/sealed_file.h"
#include "blindbook/service/audit_trail.h"
#include "blindbook/service/backup_manifest.h"
#include "blindbook/service/erased_list.h"
#include "blindbook/service/label_store.h"
#include "blindbook/service/publish_cache.h"

#include "cli/commands.h"
#include "cli/common/facts.h"
#include "cli/common/input.h"
#include "cli/common/terminal.h"
#include "cli/inspect_audit.h"
#include "cli/inspect_backup.h"
#include "cli/inspect_log.h"
#include "cli/inspect_signed.h"
#include "cli/model_facts.h"

namespace blindbook::cli {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{4} << 30;

Result<Facts> inspect_directory(ByteView file, const RootKey&) {
  auto header = directory::parse_header(file);
  if (!header) {
    return unreadable(header);
  }
  auto layout = directory::layout_of(*header, file.size());
  if (!layout) {
    return unreadable(layout);
  }
  Facts out;
  out.add("kind", "directory").add("bytes", file.size());
  out.add("root", directory::root_of(file).hex());
  out.add("suite", suite_name(header->suite)).add("epoch", header->epoch.hex());
  out.add("edition", header->edition.value()).add("entries", header->entries);
  out.add("rice_parameter", header->rice);
  out.add("label_bytes", header->label_bytes).add("label_template", header->label_template);
  out.add("header_bytes", layout->header_bytes).add("tag_bytes", layout->body_bytes);
  out.add("label_column_bytes", layout->column_bytes);
  if (auto added = add_directory_model(out, file); !added) {
    return failed(added);
  }
  return out;
}

std::string_view kind_name(protocol::KeyKind kind) {
  switch (kind) {
    case protocol::KeyKind::kEpoch:
      return "epoch key";
    case protocol::KeyKind::kAnnouncement:
      return "announcement key";
    case protocol::KeyKind::kRoot:
      return "root key";
    case protocol::KeyKind::kToken:
      return "token key";
    case protocol::KeyKind::kIndex:
      return "index key";
  }
  return "key";
}

Result<Facts> inspect_key_file(ByteView file, const RootKey&) {
  const auto header = protocol::parse_key_file_header(file);
  if (!header) {
    return tl::unexpected<Error>(header.error());
  }
  const bool sealed = header->protection == protocol::KeyProtection::kPassphrase;
  Facts out;
  out.add("kind", kind_name(header->kind)).add("bytes", file.size());
  out.add("protection", sealed ? "passphrase and slot" : "none");
  if (sealed) {
    out.add("scrypt_n", std::uint64_t{1} << header->cost.log2_n);
    out.add("scrypt_r", header->cost.r).add("scrypt_p", header->cost.p);
  }
  return out;
}

Result<Facts> sized(std::string_view kind, ByteView file) {
  Facts out;
  out.add("kind", kind).add("bytes", file.size());
  return out;
}

Result<Facts> inspect_state(ByteView file, const RootKey&) {
  return sized("client state, sealed", file);
}
Result<Facts> inspect_pending(ByteView file, const RootKey&) {
  return sized("suspended request, sealed", file);
}

Result<Facts> inspect_patch(ByteView file, const RootKey&) {
  auto patch = directory::parse_patch(file);
  if (!patch) {
    return unreadable(patch);
  }
  Facts out;
  out.add("kind", "patch").add("bytes", file.size());
  out.add("sha256", to_hex(hash::sha256({file})));
  out.add("suite", suite_name(patch->suite)).add("epoch", patch->epoch.hex());
  out.add("from_edition", patch->from.value()).add("to_edition", patch->to.value());
  out.add("leavers", patch->leavers.size()).add("joins", patch->tags.size());
  out.add("label_bytes", patch->label_bytes);
  return out;
}

Result<Facts> inspect_cache(ByteView file, const RootKey&) {
  const auto header = service::parse_publish_cache_header(file);
  if (!header) {
    return tl::unexpected<Error>(header.error());
  }
  Facts out;
  out.add("kind", "publish cache").add("bytes", file.size());
  out.add("suite", suite_name(header->suite)).add("epoch", header->epoch.hex());
  out.add("edition", header->edition.value()).add("root", header->root.hex());
  out.add("entries", header->entries).add("label_bytes", header->label_bytes);
  return out;
}

Result<Facts> inspect_label_store(ByteView file, const RootKey&) {
  const auto header = service::check_label_store(file);
  if (!header) {
    return tl::unexpected<Error>(header.error());
  }
  Facts out;
  out.add("kind", "label store").add("bytes", file.size());
  out.add("suite", suite_name(header->suite)).add("epoch", header->epoch.hex());
  out.add("edition", header->edition.value()).add("root", header->root.hex());
  out.add("entries", header->entries).add("label_bytes", header->label_bytes);
  return out;
}

Result<Facts> inspect_erased(ByteView file, const RootKey&) {
  const auto epoch = service::epoch_of_erased_list(file);
  const auto count = service::count_of_erased_list(file);
  if (!epoch || !count) {
    return tl::unexpected<Error>(epoch ? count.error() : epoch.error());
  }
  Facts out;
  out.add("kind", "erased numbers").add("bytes", file.size());
  out.add("epoch", epoch->hex()).add("numbers", *count);
  return out;
}

// --- text ---

std::optional<Facts> inspect_text(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  if (const auto invitation = protocol::decode_invitation(text)) {
    Facts out;
    out.add("kind", "invitation").add("address", invitation->host + ":" + std::to_string(invitation->port));
    out.add("fingerprint", protocol::fingerprint_of(invitation->root).hex());
    return out;
  }
  if (const auto key = protocol::decode_operator_file(text)) {
    Facts out;
    out.add("kind", "operator key").add("fingerprint", protocol::fingerprint_of(*key).hex());
    return out;
  }
  return std::nullopt;
}

struct Kind {
  std::string_view magic;
  Result<Facts> (*inspect)(ByteView, const RootKey&);
};

constexpr Kind kKinds[] = {
    {magic::kAnnouncement, inspect_announcement}, {magic::kCertificate, inspect_certificate},
    {magic::kDirectory, inspect_directory},       {magic::kPatch, inspect_patch},
    {magic::kKeyFile, inspect_key_file},          {magic::kState, inspect_state},
    {magic::kPending, inspect_pending},           {magic::kEvidence, inspect_evidence},
    {magic::kPublishCache, inspect_cache},        {magic::kErasedList, inspect_erased},
    {magic::kLabelStore, inspect_label_store},
};

/// `folder` is the one the file lies in.
Result<Facts> inspect(ByteView file, const std::filesystem::path& folder, const RootKey& root) {
  for (const Kind& kind : kKinds) {
    if (text_of(file).starts_with(kind.magic)) {
      return kind.inspect(file, root);
    }
  }
  if (text_of(file).starts_with(magic::kLog)) {
    return inspect_log(file, folder, root);
  }
  if (service::claims_to_be_audit_trail(text_of(file))) {
    return inspect_audit_trail(text_of(file));
  }
  if (auto facts = inspect_text(text_of(file))) {
    return std::move(*facts);
  }
  if (service::claims_to_be_manifest(text_of(file))) {
    return inspect_backup(text_of(file), folder, root);
  }
  return bad_input("inspect.unknown", "this is no file of blindbook",
                   "it knows announcements, their log, certificates, directories, patches, publish caches, "
                   "lists of erased "
                   "numbers, key files, states, evidence, label stores, invitations, operator.pub, "
                   "backup.json and audit.jsonl");
}

}  // namespace

Result<ExitCode> run_inspect(const Arguments& arguments) {
  if (!arguments.positional()) {
    return bad_input("usage.missing", "FILE is missing", help_hint(arguments.command()));
  }
  RootKey root;
  if (const auto file = arguments.value("operator-key")) {
    const auto key = read_operator_key(*file);
    if (!key) {
      return tl::unexpected<Error>(key.error());
    }
    root = *key;
  }
  auto bytes = read_input(*arguments.positional(), kMaxFileBytes);
  if (!bytes) {
    return failed(bytes);
  }
  // It may have been an unsealed key.
  const SecretBytes file = SecretBytes::adopt(std::move(*bytes));
  const auto folder = std::filesystem::path(*arguments.positional()).parent_path();
  const auto facts = inspect(file.expose(), folder, root);
  if (!facts) {
    return tl::unexpected<Error>(facts.error());
  }
  print(arguments.value("format") == "json" ? facts->json("blindbook.inspect/1") : facts->text());
  return ExitCode::kDone;
}

}  // namespace blindbook::cli
