#include "blindbook/service/announcing.h"

#include <string>
#include <utility>

#include "blindbook/protocol/certificate.h"
#include "blindbook/service/announcement_log.h"
#include "blindbook/service/atomic_file.h"

namespace blindbook::service {

using protocol::OpenedAnnouncement;

Result<std::optional<OpenedAnnouncement>> announcement_to_follow(const OperatorFolder& folder) {
  Result<std::optional<OpenedAnnouncement>> logged = folder.last_logged();
  if (!logged) {
    return logged;
  }
  const Result<std::optional<OpenedAnnouncement>> published = folder.announcement();
  if (!published && !*logged) {
    return tl::unexpected<Error>(published.error());
  }
  if (!published || !*published) {
    return logged;
  }
  const std::uint64_t seq = (*published)->announcement.seq;
  if (!*logged || (*logged)->announcement.seq < seq) {
    return bad_input("publish.log", "the log ends before the announcement that is public",
                     "copy " + folder.announcement_path().string() + " to " + folder.log_path(seq).string());
  }
  if ((*logged)->announcement.seq == seq && (*logged)->object != (*published)->object) {
    return bad_input("publish.log",
                     folder.log_path(seq).string() + " and the public announcement of that number differ",
                     "keep in both places the one that clients have seen: they would take two for a fork");
  }
  return logged;
}

Result<protocol::Ed25519SecretKey> certified_announcement_key(OperatorFolder& folder, UnixTime now) {
  Result<protocol::Ed25519SecretKey> key = folder.load_announcement_key();
  if (!key) {
    return key;
  }
  const Config& config = folder.config();
  const Result<protocol::Certificate> certificate =
      protocol::open_certificate(config.certificate, config.root);
  if (!certificate) {
    return tl::unexpected<Error>(certificate.error());
  }
  if (certificate->key != key->public_key()) {
    return bad_input("publish.certificate", "the certificate in config.json is not the announcement key's",
                     "certify that key with: blindbook key renew");
  }
  if (certificate->not_after < now) {
    return bad_input("publish.certificate", "the certificate of the announcement key has expired",
                     "certify it again with: blindbook key renew");
  }
  return key;
}

Result<OpenedAnnouncement> announce(const OperatorFolder& folder, const protocol::Ed25519SecretKey& key,
                                    const std::optional<OpenedAnnouncement>& last,
                                    AnnouncementContent content) {
  const Config& config = folder.config();
  const protocol::Announcement announcement{.operator_name = config.operator_name,
                                            .certificate = config.certificate,
                                            .seq = last ? last->announcement.seq + 1 : 1,
                                            .issued_at = content.issued_at,
                                            .valid_until = content.valid_until,
                                            .previous_head = last ? last->head : protocol::Head(),
                                            .epochs = std::move(content.epochs),
                                            .allowance = config.allowance,
                                            .next_publication = content.next_publication};
  const Bytes object = protocol::sign_announcement(announcement, key);
  // What a client would refuse must not replace what it accepts.
  Result<OpenedAnnouncement> opened = protocol::open_announcement(object, config.root);
  if (!opened) {
    return opened;
  }
  for (const std::uint64_t seq : {announcement.seq - 1, announcement.seq}) {
    remove_leftovers(folder.log_path(seq));
  }
  // The log first: one in it that was never public is followed by the next, a public one that it lacks would
  // be forked by the next. Never over another: clients may have seen that.
  const Result<bool> logged =
      write_new_file(folder.log_path(announcement.seq), object, FileAccess::kOwnerOnly);
  if (!logged) {
    return tl::unexpected<Error>(logged.error());
  }
  if (!*logged) {
    return bad_input("publish.log", folder.log_path(announcement.seq).string() + " exists already",
                     "does another program write to this folder? then end it, and publish again");
  }
  if (Result<void> hashed = log_hash(folder, *opened); !hashed) {
    return failed(hashed);
  }
  if (Result<void> written = write_file_atomically(folder.announcement_path(), object, FileAccess::kEveryone);
      !written) {
    return failed(written);
  }
  remove_ended_bodies(folder, opened->announcement.seq, content.issued_at);
  return opened;
}

}  // namespace blindbook::service
