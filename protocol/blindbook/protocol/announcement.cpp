#include "blindbook/protocol/announcement.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "blindbook/base/domains.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/protocol/announcement_json.h"
#include "blindbook/protocol/strict_json.h"

namespace blindbook::protocol {
namespace {

constexpr std::string_view kClockHint = "check this machine's clock";

}  // namespace

std::string_view name(LabelMode mode) noexcept {
  switch (mode) {
    case LabelMode::kNone:
      return "none";
    case LabelMode::kEmbedded:
      return "embedded";
    case LabelMode::kResolve:
      return "resolve";
  }
  return "none";
}

std::optional<LabelMode> label_mode_from(std::string_view text) noexcept {
  for (const LabelMode mode : {LabelMode::kNone, LabelMode::kEmbedded, LabelMode::kResolve}) {
    if (name(mode) == text) {
      return mode;
    }
  }
  return std::nullopt;
}

Head next_head(const Head& previous, ByteView object) {
  return Head(hash::sha256({bytes_of(domain::kLog), previous.view(), hash::sha256({object})}));
}

Bytes sign_announcement(const Announcement& announcement, const Ed25519SecretKey& key) {
  const std::string json = announcement_to_json(announcement);
  ByteWriter out;
  out.raw(magic::kAnnouncement);
  out.raw(key.sign({bytes_of(domain::kAnnouncement), bytes_of(json)}).view());
  out.raw(json);
  return std::move(out).take();
}

Result<OpenedAnnouncement> open_announcement(ByteView object, const Ed25519PublicKey& root) {
  ByteReader in(object);
  if (!in.accept(magic::kAnnouncement)) {
    return unavailable("announcement.not-an-envelope", "what answered is not a blindbook service",
                       "a captive portal or a wrong address? open the service's page in a browser");
  }
  if (object.size() > kMaxAnnouncementBytes) {
    return peer_misbehaved("announcement.size", "the announcement is longer than 1 MiB");
  }
  const Ed25519Signature signature(in.array<Ed25519Signature::kSize>());
  const ByteView json = in.rest();
  auto parsed = parse_strict_json(text_of(json), kMaxAnnouncementBytes);
  if (!parsed) {
    return peer_misbehaved("announcement.format", "the announcement is not strict JSON");
  }
  const EmptiedAtEnd emptied(*parsed);
  // Of what the JSON says, only the certificate is read before the root has vouched for the key, and the key
  // for the bytes.
  auto certificate = open_certificate(certificate_in(*parsed), root);
  if (!certificate) {
    return failed(certificate);
  }
  if (!verify(certificate->key, {bytes_of(domain::kAnnouncement), json}, signature)) {
    return peer_misbehaved("announcement.signature", "the announcement is not signed by this operator");
  }
  auto announcement = announcement_from_json(*parsed);
  if (!announcement) {
    return failed(announcement);
  }
  const Head head = next_head(announcement->previous_head, object);
  return OpenedAnnouncement{.announcement = std::move(*announcement),
                            .certificate = *certificate,
                            .object = Bytes(object.begin(), object.end()),
                            .head = head};
}

Result<void> check_fresh(const OpenedAnnouncement& opened, UnixTime now) {
  // Sums are taken of `now` alone: what a peer wrote may be so late that a sum wraps around.
  const std::uint64_t at = now.value();
  const std::uint64_t earliest_end = at - std::min(at, kClockTolerance);
  const Announcement& announcement = opened.announcement;
  if (announcement.valid_until.value() < earliest_end) {
    return unavailable("announcement.stale", "the service's announcement has expired",
                       "the operator has to publish again; or " + std::string(kClockHint));
  }
  if (announcement.issued_at.value() > at + kClockTolerance) {
    return unavailable("announcement.from-the-future", "the service's announcement is dated in the future",
                       std::string(kClockHint));
  }
  const bool certified = opened.certificate.not_before.value() <= at + kClockTolerance &&
                         earliest_end <= opened.certificate.not_after.value();
  if (!certified) {
    return unavailable("certificate.expired",
                       "the certificate of the operator's announcement key is not valid now",
                       "the operator has to certify a key again; or " + std::string(kClockHint));
  }
  return {};
}

}  // namespace blindbook::protocol
