#include "cli/inspect_signed.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "blindbook/base/domains.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/announcement_json.h"
#include "blindbook/protocol/evidence.h"
#include "blindbook/protocol/params.h"
#include "blindbook/protocol/strict_json.h"

#include "cli/model_facts.h"

namespace blindbook::cli {
namespace {

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

}  // namespace

std::string suite_name(SuiteId id) {
  const oprf::Suite* const suite = oprf::find_suite(id);
  return suite ? std::string(suite->name()) : "unknown";
}

Result<protocol::OpenedAnnouncement> read_announcement(ByteView object, const RootKey& root) {
  if (root) {
    return protocol::open_announcement(object, *root);
  }
  auto parsed = parse_announcement(object);
  if (!parsed) {
    return unreadable(parsed);
  }
  return parsed;
}

Result<Facts> inspect_announcement(ByteView object, const RootKey& root) {
  auto opened = read_announcement(object, root);
  if (!opened) {
    return failed(opened);
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
  const auto evidence = protocol::parse_evidence(file);
  if (!evidence) {
    return tl::unexpected<Error>(evidence.error());
  }
  std::vector<Facts> announcements;
  for (const Bytes* object : {&evidence->one, &evidence->other}) {
    auto facts = inspect_announcement(*object, root);
    if (!facts) {
      return failed(facts);
    }
    announcements.push_back(std::move(*facts));
  }
  Facts out;
  out.add("kind", "evidence: announcements that contradict each other").add("bytes", file.size());
  if (root) {
    const auto proven = protocol::verify_evidence(*evidence, *root);
    if (!proven) {
      return tl::unexpected<Error>(proven.error());
    }
    out.add("proves", *proven);
  } else {
    out.add("proves", "not checked, for want of --operator-key");
  }
  out.add("announcements", std::move(announcements));
  if (evidence->log) {
    out.add("log", Facts().add("first", evidence->log->first).add("last", evidence->log->last()));
  }
  return out;
}

}  // namespace blindbook::cli
