// `blindbook inspect`: says what a file is, by its magic or its text. Shows sizes, types, ids and times; a
// key file and a state are not opened, and no number, tag or secret is shown.

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "blindbook/base/domains.h"
#include "blindbook/directory/header.h"
#include "blindbook/directory/root.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/announcement_json.h"
#include "blindbook/protocol/invitation.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/protocol/params.h"
#include "blindbook/protocol/strict_json.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/backup_manifest.h"
#include "blindbook/service/sealed_file.h"

#include "cli/commands.h"
#include "cli/common/facts.h"
#include "cli/common/input.h"
#include "cli/common/terminal.h"
#include "cli/model_facts.h"

namespace blindbook::cli {
namespace {

using RootKey = std::optional<protocol::Ed25519PublicKey>;

constexpr std::size_t kMaxFileBytes = std::size_t{4} << 30;

std::string suite_name(SuiteId id) {
  const oprf::Suite* const suite = oprf::find_suite(id);
  return suite ? std::string(suite->name()) : "unknown";
}

/// What a peer would be blamed for is, in a file that somebody only looks at, bad input.
template <class T>
tl::unexpected<Error> unreadable(Result<T>& result) {
  if (result.error().fault == Fault::kPeerMisbehaved) {
    result.error().fault = Fault::kBadInput;
  }
  return failed(result);
}

// --- announcements and certificates ---

/// The fields of a certificate whose signature nobody has checked: certificate.h has the layout.
Result<protocol::Certificate> parse_certificate(ByteView bytes) {
  ByteReader in(bytes);
  const bool known = in.accept(magic::kCertificate) && in.u8() == 1;
  protocol::Certificate out;
  out.serial = in.u64();
  out.key = protocol::Ed25519PublicKey(in.array<protocol::Ed25519PublicKey::kSize>());
  out.not_before = UnixTime(in.u64());
  out.not_after = UnixTime(in.u64());
  if (!known || in.rest().size() != protocol::Ed25519Signature::kSize) {
    return bad_input("certificate.format", "the certificate has an unknown form");
  }
  return out;
}

Facts describe(const protocol::Certificate& certificate) {
  Facts out;
  out.add("serial", certificate.serial).add("key", certificate.key.hex());
  out.add("not_before", certificate.not_before).add("not_after", certificate.not_after);
  return out;
}

Facts describe(const protocol::AnnouncedEpoch& epoch) {
  Facts out;
  out.add("id", epoch.id.hex()).add("suite", suite_name(epoch.suite()));
  out.add("public_key", to_hex(epoch.public_key.bytes()));
  out.add("not_before", epoch.not_before).add("not_after", epoch.not_after);
  out.add("edition", epoch.edition.value()).add("root", epoch.root.hex());
  out.add("directory_bytes", epoch.size).add("entries", epoch.entries);
  out.add("labels", protocol::name(epoch.label_mode)).add("label_bytes", epoch.label_bytes);
  out.add("label_template", epoch.label_template).add("patches", epoch.patches.size());
  return out;
}

/// An announcement of which only the form has been checked.
Result<protocol::OpenedAnnouncement> parse_announcement(ByteView object) {
  constexpr std::size_t kBeforeJson = magic::kAnnouncement.size() + protocol::Ed25519Signature::kSize;
  const ByteView json_bytes = object.subspan(std::min(kBeforeJson, object.size()));
  auto json = protocol::parse_strict_json(text_of(json_bytes), protocol::kMaxAnnouncementBytes);
  if (!json) {
    return failed(json);
  }
  auto announcement = protocol::announcement_from_json(*json);
  if (!announcement) {
    return failed(announcement);
  }
  auto certificate = parse_certificate(announcement->certificate);
  if (!certificate) {
    return failed(certificate);
  }
  const protocol::Head head = protocol::next_head(announcement->previous_head, object);
  return protocol::OpenedAnnouncement{
      .announcement = std::move(*announcement), .certificate = *certificate, .object = {}, .head = head};
}

Result<Facts> inspect_announcement(ByteView object, const RootKey& root) {
  auto opened = root ? protocol::open_announcement(object, *root) : parse_announcement(object);
  if (!opened) {
    return root ? failed(opened) : unreadable(opened);
  }
  const protocol::Announcement& announcement = opened->announcement;
  Facts out;
  out.add("kind", "announcement").add("bytes", object.size());
  out.add("signatures", root ? "checked" : "not checked, for want of --operator-key");
  out.add("operator", announcement.operator_name).add("seq", announcement.seq);
  out.add("issued_at", announcement.issued_at).add("valid_until", announcement.valid_until);
  out.add("next_publication", announcement.next_publication);
  out.add("previous_head", announcement.previous_head.hex()).add("head", opened->head.hex());
  out.add("allowance", Facts()
                           .add("initial", announcement.allowance.initial)
                           .add("capacity", announcement.allowance.capacity)
                           .add("refill_per_day", announcement.allowance.refill_per_day));
  out.add("certificate", describe(opened->certificate));
  std::vector<Facts> epochs;
  for (const protocol::AnnouncedEpoch& epoch : announcement.epochs) {
    epochs.push_back(describe(epoch));
    add_run_bytes(epochs.back(), object.size(), epoch.size);
  }
  out.add("epochs", std::move(epochs));
  add_sweep(out, announcement.allowance, Spaces::kAll);
  return out;
}

Result<Facts> inspect_certificate(ByteView bytes, const RootKey& root) {
  auto certificate = root ? protocol::open_certificate(bytes, *root) : parse_certificate(bytes);
  if (!certificate) {
    return failed(certificate);
  }
  Facts out;
  out.add("kind", "certificate").add("bytes", bytes.size());
  out.add("signature", root ? "checked" : "not checked, for want of --operator-key");
  out.add("certificate", describe(*certificate));
  return out;
}

Result<Facts> inspect_evidence(ByteView file, const RootKey& root) {
  ByteReader in(file.subspan(magic::kEvidence.size()));
  std::vector<Facts> announcements;
  while (!in.failed() && !in.rest().empty()) {
    const ByteView object = in.raw(in.u32());
    if (in.failed()) {
      break;
    }
    auto facts = inspect_announcement(object, root);
    if (!facts) {
      return failed(facts);
    }
    announcements.push_back(std::move(*facts));
  }
  if (in.failed()) {
    return bad_input("evidence.format", "the evidence is cut short");
  }
  Facts out;
  out.add("kind", "evidence: announcements that contradict each other").add("bytes", file.size());
  out.add("announcements", std::move(announcements));
  return out;
}

// --- backups ---

struct LoggedFile {
  std::uint64_t seq;
  const service::BackupFile* file;
};

/// The end of the log in a backup; nothing when nothing was announced before it.
std::optional<LoggedFile> last_logged(const service::BackupManifest& manifest) {
  std::optional<LoggedFile> last;
  for (const service::BackupFile& file : manifest.files) {
    constexpr std::string_view kLog = "log/";
    std::uint64_t seq = 0;
    if (file.path.starts_with(kLog) &&
        std::from_chars(file.path.data() + kLog.size(), file.path.data() + file.path.size(), seq).ec ==
            std::errc() &&
        (!last || last->seq < seq)) {
      last = LoggedFile{seq, &file};
    }
  }
  return last;
}

/// The announcement that lies in `folder`, the backup: told of only as the manifest was written with it.
Result<Facts> describe(const LoggedFile& logged, const std::filesystem::path& folder, const RootKey& root) {
  Facts out;
  out.add("seq", logged.seq);
  const auto object = service::read_file(folder / logged.file->path, protocol::kMaxAnnouncementBytes);
  if (!object || !std::ranges::equal(hash::sha256({*object}), logged.file->sha256.view())) {
    out.add("file", object ? "changed" : "missing");
    return out;
  }
  auto opened = root ? protocol::open_announcement(*object, *root) : parse_announcement(*object);
  if (!opened) {
    return root ? failed(opened) : unreadable(opened);
  }
  const protocol::Announcement& announcement = opened->announcement;
  out.add("signatures", root ? "checked" : "not checked, for want of --operator-key");
  out.add("operator", announcement.operator_name).add("issued_at", announcement.issued_at);
  out.add("head", opened->head.hex());
  std::vector<Facts> epochs;
  for (const protocol::AnnouncedEpoch& epoch : announcement.epochs) {
    epochs.push_back(Facts()
                         .add("id", epoch.id.hex())
                         .add("edition", epoch.edition.value())
                         .add("not_after", epoch.not_after));
  }
  out.add("epochs", std::move(epochs));
  return out;
}

/// backup.json, and what it leads to in its folder.
Result<Facts> inspect_backup(std::string_view text, const std::filesystem::path& folder,
                             const RootKey& root) {
  const auto manifest = service::parse_manifest(text);
  if (!manifest) {
    return tl::unexpected<Error>(manifest.error());
  }
  std::uint64_t bytes = 0;
  for (const service::BackupFile& file : manifest->files) {
    bytes += file.bytes;
  }
  Facts out;
  out.add("kind", "backup of an operator's folder").add("bytes", text.size());
  out.add("fingerprint", manifest->operator_id).add("created_at", manifest->created_at);
  out.add("files", manifest->files.size()).add("bytes_of_files", bytes);
  if (const auto last = last_logged(*manifest)) {
    auto described = describe(*last, folder, root);
    if (!described) {
      return failed(described);
    }
    out.add("last_announcement", std::move(*described));
  }
  return out;
}

// --- other files ---

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

std::string_view kind_name(service::KeyKind kind) {
  switch (kind) {
    case service::KeyKind::kEpoch:
      return "epoch key";
    case service::KeyKind::kAnnouncement:
      return "announcement key";
    case service::KeyKind::kRoot:
      return "root key";
    case service::KeyKind::kToken:
      return "token key";
  }
  return "key";
}

Result<Facts> inspect_key_file(ByteView file, const RootKey&) {
  const auto header = service::parse_key_file_header(file);
  if (!header) {
    return tl::unexpected<Error>(header.error());
  }
  const bool sealed = header->protection == service::KeyProtection::kPassphrase;
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

Result<Facts> inspect_patch(ByteView file, const RootKey&) {
  return sized("patch", file);
}
Result<Facts> inspect_state(ByteView file, const RootKey&) {
  return sized("client state, sealed", file);
}
Result<Facts> inspect_pending(ByteView file, const RootKey&) {
  return sized("suspended request, sealed", file);
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
};

/// `folder` is the one the file lies in.
Result<Facts> inspect(ByteView file, const std::filesystem::path& folder, const RootKey& root) {
  for (const Kind& kind : kKinds) {
    if (text_of(file).starts_with(kind.magic)) {
      return kind.inspect(file, root);
    }
  }
  if (auto facts = inspect_text(text_of(file))) {
    return std::move(*facts);
  }
  if (service::claims_to_be_manifest(text_of(file))) {
    return inspect_backup(text_of(file), folder, root);
  }
  return bad_input("inspect.unknown", "this is no file of blindbook",
                   "it knows announcements, certificates, directories, patches, key files, states, evidence, "
                   "invitations, operator.pub and backup.json");
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
