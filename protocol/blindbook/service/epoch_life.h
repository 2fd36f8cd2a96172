#pragma once

#include <optional>
#include <span>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/server.h"
#include "blindbook/service/operator_folder.h"

/// Which epochs a folder has at a moment: when the next one is opened, and when a key is destroyed
/// (docs/spec/protocol.md "Epochs"). What opens or announces is called by who holds the folder's publish.lock.
///
/// An epoch is known by its announcement: a key that the last announcement does not name was never used, or
/// was cut off, and goes at the next publication. Only before the first announcement of a folder, also of a
/// restored one, its key stands for itself.
namespace blindbook::service {

/// What a publication does to the epochs.
enum class Rotation {
  kWhenDue,    ///< opens the next epoch 3 days before it begins
  kOrdinary,   ///< the same, and only if an epoch has begun that follows another
  kEmergency,  ///< opens one that begins now, and ends all others
};

/// When the epoch begins that follows one which began at `not_before`.
[[nodiscard]] UnixTime next_epoch_begins(UnixTime not_before) noexcept;
/// From when on it is announced.
[[nodiscard]] UnixTime next_epoch_announced(UnixTime not_before) noexcept;

/// The epochs that a publication at `now` is for.
struct SettledEpochs {
  std::vector<protocol::EpochKey> keys;  ///< in the order of not_before
  std::vector<EpochId> opened;           ///< those of them that nobody has been told of
};

/// Loads the keys of the epochs that live, without those whose overlap with the next is over, and opens the
/// next epoch when it is due: 3 days before not_before + 90 days of the newest, or at `now` where none lives.
/// kEmergency opens one and needs no other key. Nothing is destroyed, so that all can go on as before when the
/// publication fails. BadInput "epoch.key" when the key of an announced epoch is gone, "epoch.not-due" for
/// kOrdinary; errors of OperatorFolder::load_epoch_key() and create_epoch().
[[nodiscard]] Result<SettledEpochs> settle_epochs(OperatorFolder& folder, const protocol::Announcement* last,
                                                  Rotation rotation, UnixTime now, RandomSource& random);

/// The keys of the epochs of `announced` that have not ended and whose key is there. Errors of
/// OperatorFolder::load_epoch_key().
[[nodiscard]] Result<std::vector<protocol::EpochKey>> load_announced_keys(
    OperatorFolder& folder, const protocol::Announcement& announced, UnixTime now);

/// Destroys the epochs that have ended at `now`: key, slot, directories and patches. Opens no key of an epoch that
/// `announced` names, so that one whose slot is gone already goes too; another goes by its own not_after. Which of them had a key until now: the audit trail then has
/// an entry "epoch end". They go also where it cannot be written, which is then reported. Unavailable "file.remove";
/// errors of append_audit(). So do the two below.
[[nodiscard]] Result<std::vector<EpochId>> destroy_ended_epochs(OperatorFolder& folder,
                                                                const protocol::Announcement& announced,
                                                                UnixTime now);

/// What a publication begins with: destroy_ended_epochs() of `last`, and every key that neither `last` nor the
/// public announcement names, left by a run that was killed. Without `last`, or where no key of its epochs is
/// there, a key goes by its own not_after. Which epochs had a key until now.
[[nodiscard]] Result<std::vector<EpochId>> clear_epochs(OperatorFolder& folder,
                                                        const protocol::Announcement* last, UnixTime now);

/// Destroys every epoch but those of `announced`, by their keys and by the folders of their directories and
/// patches. Which of them had a key until now.
[[nodiscard]] Result<std::vector<EpochId>> destroy_epochs_but(OperatorFolder& folder,
                                                              const protocol::Announcement& announced,
                                                              UnixTime now);

}  // namespace blindbook::service
