// Announcements. Input: a whole object, or, without the magic, its JSON alone, which the target signs, so
// that what stands behind the check of the signature is reached.
#include "blindbook/protocol/announcement.h"

#include "blindbook/base/domains.h"
#include "blindbook/protocol/epoch.h"
#include "blindbook/protocol/history.h"

#include "tests/fuzz/fuzz.h"
#include "tests/protocol/in_memory_operator.h"

namespace blindbook::fuzz {
namespace {

using namespace protocol;
using test_support::InMemoryOperator;
using test_support::kNow;

InMemoryOperator& city() {
  static InMemoryOperator one;
  return one;
}

Bytes signed_object(ByteView json) {
  ByteWriter out;
  out.raw(magic::kAnnouncement)
      .raw(city().announcer().sign({bytes_of(domain::kAnnouncement), json}).view())
      .raw(json);
  return std::move(out).take();
}

void check_content(const Announcement& announcement) {
  require(announcement.seq > 0 && !announcement.epochs.empty(), "an announcement has a number and an epoch");
  for (const AnnouncedEpoch& epoch : announcement.epochs) {
    require(
        epoch.id == epoch_id(announcement.operator_name, epoch.public_key, epoch.not_before, epoch.not_after),
        "an epoch id is the hash of what it names");
    require(epoch.not_before < epoch.not_after, "an epoch lives");
    require((epoch.edition == Edition(0)) == (epoch.size == 0),
            "an epoch without an edition has no directory");
    require(epoch.patches.size() <= kMaxPatchEditions, "patches are bounded");
    for (const AnnouncedPatch& patch : epoch.patches) {
      require(patch.from > Edition(0) && patch.from < epoch.edition, "a patch leads from an earlier edition");
    }
  }
}

/// A client that knows the announcement `first` meets `opened`.
void check_following(const OpenedAnnouncement& first, const OpenedAnnouncement& opened) {
  const OperatorHistory known = follow({}, first, kNow)->history;
  const auto followed = follow(known, opened, kNow);
  if (followed) {
    require(followed->history.seq >= known.seq, "the sequence never falls");
    const auto same = follow(followed->history, opened, kNow);
    require(same && same->link == ChainLink::kSame && same->history == followed->history,
            "an announcement known already changes nothing");
    return;
  }
  require_refusal(followed.error().error, Fault::kPeerMisbehaved, {"history.rollback", "history.fork"});
  require(followed.error().evidence.has_value() == (followed.error().error.rule == "history.fork"),
          "a fork leaves evidence, and nothing else does");
  if (followed.error().evidence) {
    ByteReader evidence(*followed.error().evidence);
    require(evidence.accept(magic::kEvidence), "evidence begins with its magic");
    for (const OpenedAnnouncement* one : {&first, &opened}) {
      const ByteView object = evidence.raw(evidence.u32());
      require(text_of(object) == text_of(one->object), "evidence holds both announcements");
    }
    require(evidence.finished(), "evidence holds nothing else");
  }
}

}  // namespace

void run(ByteView input) {
  static const OpenedAnnouncement first = [] {
    city().publish({{test_support::berlin(1), "@anna:city.example"}});
    return open_announcement(city().announce(), city().root_key()).value();
  }();

  const bool whole = text_of(input).starts_with(magic::kAnnouncement);
  const Bytes object = whole ? Bytes(input.begin(), input.end()) : signed_object(input);
  const auto opened = open_announcement(object, city().root_key());
  if (!opened) {
    if (opened.error().fault == Fault::kUnavailable) {
      require_refusal(opened.error(), Fault::kUnavailable, {"announcement.profile", "announcement.suite"});
    } else {
      require_refusal(
          opened.error(), Fault::kPeerMisbehaved,
          {"announcement.size", "announcement.format", "announcement.schema", "announcement.constants",
           "announcement.epoch-id", "announcement.epoch", "announcement.key", "announcement.signature",
           "certificate.format", "certificate.signature", "certificate.life"});
      require(whole || opened.error().rule != "announcement.signature",
              "what the announcement key signed verifies");
    }
    return;
  }
  require(!whole || object == first.object, "nothing opens that the announcement key has not signed");
  check_content(opened->announcement);
  const auto again =
      open_announcement(sign_announcement(opened->announcement, city().announcer()), city().root_key());
  require(again.has_value(), "what was read can be announced again");
  require(again->announcement == opened->announcement, "an announcement survives being written");
  check_following(first, *opened);
  if (const auto fresh = check_fresh(*opened, kNow); !fresh) {
    require_refusal(fresh.error(), Fault::kUnavailable,
                    {"announcement.stale", "announcement.from-the-future", "certificate.expired"});
  }
}

}  // namespace blindbook::fuzz
