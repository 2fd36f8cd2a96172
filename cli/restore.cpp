// `blindbook restore`: an operator's folder after its host was lost.

#include "blindbook/service/restore.h"

#include "blindbook/base/random.h"
#include "blindbook/protocol/params.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/last_announcement.h"
#include "blindbook/service/root_key.h"

#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/facts.h"
#include "cli/common/input.h"
#include "cli/common/terminal.h"

namespace blindbook::cli {
namespace {

bool is_url(const std::string& source) {
  return source.starts_with("http://") || source.starts_with("https://");
}

Result<std::string> last_announcement_source(const Arguments& arguments) {
  const auto source = arguments.value("last-announcement");
  if (!source) {
    return bad_input(
        "usage.missing",
        "--last-announcement SRC is missing: the backup may be older than what clients saw, and they "
        "refuse every announcement that does not follow it",
        "give the newest announcement.bba that was saved elsewhere, or the URL of a mirror that still serves "
        "it");
  }
  return *source;
}

Result<Bytes> read_last_announcement(const Arguments& arguments, const std::string& source) {
  if (!is_url(source)) {
    return service::read_file(source, protocol::kMaxAnnouncementBytes);
  }
  const auto url = service::parse_announcement_url(source);
  if (!url) {
    return tl::unexpected<Error>(url.error());
  }
  if (!url->endpoint.tls && !service::http::is_loopback(url->endpoint.host) &&
      !arguments.has("insecure-http")) {
    return bad_input("usage.insecure-http",
                     "over plain HTTP the network could answer with an older announcement",
                     "use https://, or --insecure-http if the way there is protected otherwise");
  }
  return service::fetch_announcement(*url, {.ca_file = arguments.value("ca-file")});
}

/// An announcement that cannot be the last, as far as one can tell from it.
void doubt(const protocol::Announcement& last, UnixTime now) {
  if (last.issued_at.value() > now.value() + protocol::kClockTolerance) {
    warn("the last announcement is dated in the future: is this machine's clock right?");
  } else if (last.next_publication < now) {
    warn(
        "the last announcement promised another one before now: if clients saw that, they will take the "
        "next one for a fork");
  }
}

void remark_on_keeping(const Arguments& arguments, const service::Config& before) {
  if (before.key_protection == protocol::KeyProtection::kNone) {
    warn("the keys are not sealed: whoever reads this folder can find out every subscriber");
  } else if (before.slot_folder.is_absolute() && !arguments.has("slot-dir")) {
    warn("the slots lay outside of the folder before, and are in it now: --slot-dir keeps them apart");
  }
}

}  // namespace

Result<ExitCode> run_restore(const Arguments& arguments) {
  const auto source = last_announcement_source(arguments);
  if (!source) {
    return tl::unexpected<Error>(source.error());
  }
  const auto backup = service::Backup::open(arguments.required("from"));
  if (!backup) {
    return tl::unexpected<Error>(backup.error());
  }
  if (backup->config().key_protection == protocol::KeyProtection::kNone && arguments.has("passphrase-file")) {
    return bad_input("usage.passphrase",
                     "the keys of this operator are not sealed, which leaves no use for --passphrase-file",
                     help_hint(arguments.command()));
  }
  auto root = service::read_root_key(arguments.required("root-key"), backup->config().root);
  if (!root) {
    if (root.error().rule == "key.sealed") {
      root.error().hint =
          "restore takes what init wrote to --root-key-out; a root key left in keys/ cannot be taken out, so "
          "begin a new operator: blindbook init --root-key-out FILE";
    }
    return failed(root);
  }
  const auto object = read_last_announcement(arguments, *source);
  if (!object) {
    return tl::unexpected<Error>(object.error());
  }
  const UnixTime at = now();
  const auto last = service::open_last_announcement(*backup, *object, at);
  if (!last && last.error().rule == "announcement.not-an-envelope" && !is_url(*source)) {
    return bad_input("restore.announcement", *source + " is not an announcement",
                     "it is a file like public/announcement.bba or log/<seq>.bba of an operator's folder");
  }
  if (!last) {
    return tl::unexpected<Error>(last.error());
  }
  doubt(last->announcement, at);
  SystemRandom random;
  auto folder = service::restore(arguments.required("data"),
                                 {.backup = *backup,
                                  .last = *last,
                                  .root = *root,
                                  .passphrase = passphrase_source(arguments, Asking::kTwice),
                                  .slot_folder = arguments.value("slot-dir"),
                                  .cost = {},
                                  .now = at},
                                 random);
  if (!folder) {
    return failed(folder);
  }
  print(Facts()
            .add("operator", folder->config().operator_name)
            .add("fingerprint", folder->operator_id())
            .add("backup_of", backup->manifest().created_at)
            .add("follows", Facts().add("seq", last->announcement.seq).add("head", last->head.hex()))
            .text());
  remark_on_keeping(arguments, backup->config());
  note("clients see nothing of it before the next steps: blindbook publish, then blindbook serve");
  return ExitCode::kDone;
}

}  // namespace blindbook::cli
