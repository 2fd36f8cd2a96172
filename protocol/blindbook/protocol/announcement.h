#pragma once

#include <optional>
#include <string>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/oprf/keys.h"
#include "blindbook/protocol/allowance.h"
#include "blindbook/protocol/certificate.h"
#include "blindbook/protocol/params.h"

/// The signed object that names everything a client may believe: keys, directories, limits, and its own place
/// in the chain of announcements. Object: magic(8) || signature(64) || JSON (docs/spec/announcement.md).
namespace blindbook::protocol {

/// head_n = SHA-256(domain::kLog || head_(n-1) || SHA-256(object_n)); head_0 is all zero.
using Head = StrongBytes<struct HeadTag, 32>;

enum class LabelMode : std::uint8_t { kNone, kEmbedded, kResolve };

/// "none", "embedded", "resolve", as in JSON and on the command line.
[[nodiscard]] std::string_view name(LabelMode mode) noexcept;
[[nodiscard]] std::optional<LabelMode> label_mode_from(std::string_view name) noexcept;

/// A published patch from an earlier edition to the announced one.
struct AnnouncedPatch {
  Edition from;
  std::uint64_t size = 0;  ///< bytes
  Digest sha256;
  friend bool operator==(const AnnouncedPatch&, const AnnouncedPatch&) = default;
};

struct AnnouncedEpoch {
  EpochId id;  ///< checked against the formula of epoch.h when an announcement is opened
  oprf::PublicKey public_key;
  UnixTime not_before{};
  UnixTime not_after{};
  Edition edition{};          ///< 0: announced, not yet published; then root, size and entries are zero
  Root root{};                ///< SHA-256 of the directory file
  std::uint64_t size = 0;     ///< bytes of the directory file
  std::uint64_t entries = 0;  ///< rows of the directory
  LabelMode label_mode = LabelMode::kNone;
  std::uint16_t label_bytes = 0;  ///< L; 0 when there are no labels
  std::string label_template{};   ///< such as "@{}:city.example"; empty: the label is the whole
  std::vector<AnnouncedPatch> patches{};

  /// What the header of the directory says of labels: of those that are resolved on use, nothing.
  /// @{
  [[nodiscard]] std::uint16_t column_label_bytes() const noexcept {
    return label_mode == LabelMode::kEmbedded ? label_bytes : std::uint16_t{0};
  }
  [[nodiscard]] std::string column_label_template() const {
    return label_mode == LabelMode::kEmbedded ? label_template : std::string();
  }
  /// @}

  [[nodiscard]] SuiteId suite() const noexcept { return public_key.suite(); }
  [[nodiscard]] bool is_live(UnixTime now) const noexcept { return not_before <= now && now <= not_after; }
  friend bool operator==(const AnnouncedEpoch&, const AnnouncedEpoch&) = default;
};

struct Announcement {
  std::string operator_name;
  Bytes certificate;      ///< signed bytes, see certificate.h
  std::uint64_t seq = 0;  ///< 1 for the first, then one more each time
  UnixTime issued_at;
  UnixTime valid_until;
  Head previous_head;
  std::vector<AnnouncedEpoch> epochs;  ///< in the order of not_before
  AllowancePolicy allowance;
  UnixTime next_publication;
  friend bool operator==(const Announcement&, const Announcement&) = default;
};

/// An announcement whose signatures and rules have been checked, with the bytes that were checked.
struct OpenedAnnouncement {
  Announcement announcement;
  Certificate certificate;
  Bytes object;
  Head head;
};

/// The object to publish. Deterministic: the same announcement and key give the same bytes.
[[nodiscard]] Bytes sign_announcement(const Announcement& announcement, const Ed25519SecretKey& key);

[[nodiscard]] Head next_head(const Head& previous, ByteView object);

/// Opens what a service sent, believing nothing but `root`:
/// Unavailable "announcement.not-an-envelope" (no magic: a captive portal, say); PeerMisbehaved
/// "announcement.size",
/// ".format", ".schema", ".constants" (batch sizes or tag width differ from v1's), ".epoch-id", ".epoch",
/// ".key",
/// ".signature", and those of open_certificate(); Unavailable "announcement.profile" (this program is too
/// old) and "announcement.suite". Says nothing about time: see check_fresh().
[[nodiscard]] Result<OpenedAnnouncement> open_announcement(ByteView object, const Ed25519PublicKey& root);

/// Whether an opened announcement may be used at `now`, give or take 10 minutes. Unavailable
/// "announcement.stale", "announcement.from-the-future", "certificate.expired", each with a hint at the
/// clock.
[[nodiscard]] Result<void> check_fresh(const OpenedAnnouncement& opened, UnixTime now);

}  // namespace blindbook::protocol
