#include "blindbook/service/restore.h"

#include <algorithm>
#include <string>
#include <utility>

#include "blindbook/protocol/certificate.h"
#include "blindbook/protocol/history.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/folder_creation.h"
#include "blindbook/service/ledger_copy.h"

namespace blindbook::service {
namespace {

using protocol::OpenedAnnouncement;
using protocol::OperatorHistory;

/// What a client remembers that saw the end of the backup's log and nothing else.
OperatorHistory history_of(const Backup& backup, UnixTime now) {
  if (!backup.last()) {
    return {};
  }
  // Nothing contradicts an empty history.
  return std::move(protocol::follow({}, *backup.last(), now).value().history);
}

/// Above every serial that a client may have seen.
Result<std::uint64_t> next_serial(const Restoration& restoration) {
  const Result<protocol::Certificate> in_config =
      protocol::open_certificate(restoration.backup.config().certificate, restoration.backup.config().root);
  if (!in_config) {
    return tl::unexpected<Error>(in_config.error());
  }
  return std::max(in_config->serial, restoration.last.certificate.serial) + 1;
}

/// Log and ledger of the backup, and behind them what clients saw since.
Result<void> add_past(const OperatorFolder& folder, const Restoration& restoration) {
  if (Result<void> copied = restoration.backup.copy_into(folder); !copied) {
    return copied;
  }
  // Where the backup ends with that very announcement it is there already.
  const Result<bool> logged = write_new_file(folder.log_path(restoration.last.announcement.seq),
                                             restoration.last.object, FileAccess::kOwnerOnly);
  if (!logged) {
    return tl::unexpected<Error>(logged.error());
  }
  return reset_levels(folder.ledger_path(), folder.config().allowance);
}

}  // namespace

Result<OpenedAnnouncement> open_last_announcement(const Backup& backup, ByteView object, UnixTime now) {
  Result<OpenedAnnouncement> opened = protocol::open_announcement(object, backup.config().root);
  if (!opened) {
    return opened;
  }
  const OperatorHistory history = history_of(backup, now);
  const std::uint64_t seq = opened->announcement.seq;
  if (seq < history.seq) {
    return bad_input("restore.older",
                     "the last announcement has number " + std::to_string(seq) +
                         ", and the log of the backup goes on to " + std::to_string(history.seq),
                     "give a newer one; if nobody saw any, give log/" + std::to_string(history.seq) +
                         ".bba of the backup");
  }
  if (auto followed = protocol::follow(history, *opened, now); !followed) {
    return tl::unexpected<Error>(std::move(followed.error().error));
  }
  return opened;
}

Result<OperatorFolder> restore(const std::filesystem::path& folder, const Restoration& restoration,
                               RandomSource& random) {
  const Result<std::uint64_t> serial = next_serial(restoration);
  if (!serial) {
    return tl::unexpected<Error>(serial.error());
  }
  return make_operator_folder(
      folder,
      {.config = restoration.backup.config(),
       .root = restoration.root,
       .certificate_serial = *serial,
       .passphrase = restoration.passphrase,
       .slot_folder = restoration.slot_folder,
       .cost = restoration.cost,
       .now = restoration.now,
       .command = "restore",
       .add = [&](OperatorFolder& made, UnfinishedFolder&) { return add_past(made, restoration); }},
      random);
}

}  // namespace blindbook::service
