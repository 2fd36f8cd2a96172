// `blindbook status`: how an operator's folder stands, and what needs action.

#include <string>
#include <system_error>
#include <vector>

#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/certificate.h"
#include "blindbook/protocol/params.h"
#include "blindbook/service/audit.h"
#include "blindbook/service/daily_publication.h"
#include "blindbook/service/ledger_open.h"
#include "blindbook/service/operator_folder.h"

#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/facts.h"
#include "cli/common/terminal.h"
#include "cli/common/text.h"

namespace blindbook::cli {
namespace {

using protocol::kDay;

constexpr std::uint64_t kEpochNotice = 7 * kDay;         // what clients need to move to the next epoch
constexpr std::uint64_t kCertificateNotice = 30 * kDay;  // to fetch the root key from where it is kept
constexpr std::uint64_t kAnnouncementNotice = kDay;
constexpr std::uint64_t kPublicationNotice = 3 * 3'600;  // some retries, or a clock that people keep

/// Seconds from `now` to `end`; 0 when it has passed.
std::uint64_t left(UnixTime end, UnixTime now) {
  return end > now ? end.value() - now.value() : 0;
}

std::uint64_t age(UnixTime begin, UnixTime now) {
  return left(now, begin);
}

class Survey {
 public:
  Survey(const service::OperatorFolder& folder, UnixTime now) : folder_(folder), now_(now) {}

  Result<void> look() {
    facts_.add("operator", folder_.config().operator_name).add("fingerprint", folder_.operator_id());
    auto announced = folder_.announcement();
    if (!announced) {
      return failed(announced);
    }
    if (*announced) {
      look_at(**announced);
    } else {
      actions_.emplace_back("nothing is published yet: blindbook publish");
    }
    if (auto looked = look_at_certificate(*announced ? &(*announced)->certificate : nullptr); !looked) {
      return looked;
    }
    look_at_failures();
    if (auto looked = look_at_ledger(); !looked) {
      return looked;
    }
    return look_at_audit_trail();
  }

  [[nodiscard]] const std::vector<std::string>& actions() const noexcept { return actions_; }
  [[nodiscard]] Facts facts() && { return std::move(facts_.add("needs_action", actions_)); }

 private:
  void look_at(const protocol::OpenedAnnouncement& opened) {
    const protocol::Announcement& announcement = opened.announcement;
    std::vector<Facts> epochs;
    for (const protocol::AnnouncedEpoch& epoch : announcement.epochs) {
      epochs.push_back(look_at(epoch, epoch.id == announcement.epochs.back().id));
    }
    facts_.add("epochs", std::move(epochs));
    facts_.add("announcement", Facts()
                                   .add("seq", announcement.seq)
                                   .add("head", opened.head.hex())
                                   .add("issued_at", announcement.issued_at)
                                   .add("age_seconds", age(announcement.issued_at, now_))
                                   .add("valid_until", announcement.valid_until)
                                   .add("next_publication", announcement.next_publication));
    if (left(announcement.valid_until, now_) < kAnnouncementNotice) {
      act(announcement.valid_until, "the announcement", "blindbook publish");
    } else if (age(announcement.next_publication, now_) > kPublicationNotice) {
      actions_.push_back("a publication is missing since " + time_text(announcement.next_publication) +
                         ": blindbook publish");
    }
  }

  /// The certificate that the next announcement will be under; `announced` is the one that clients see.
  Result<void> look_at_certificate(const protocol::Certificate* announced) {
    const auto certificate = protocol::open_certificate(folder_.config().certificate, folder_.config().root);
    if (!certificate) {
      return tl::unexpected<Error>(certificate.error());
    }
    facts_.add("certificate", Facts()
                                  .add("serial", certificate->serial)
                                  .add("not_after", certificate->not_after)
                                  .add("days_left", left(certificate->not_after, now_) / kDay));
    if (left(certificate->not_after, now_) < kCertificateNotice) {
      act(certificate->not_after, "the certificate of the announcement key", "blindbook key renew");
    }
    if (announced != nullptr && announced->serial != certificate->serial) {
      actions_.emplace_back("clients have not been told of the latest certificate: blindbook publish");
    }
    return {};
  }

  Facts look_at(const protocol::AnnouncedEpoch& epoch, bool is_newest) {
    if (is_newest && left(epoch.not_after, now_) < kEpochNotice) {
      act(epoch.not_after, "epoch " + epoch.id.hex(), "blindbook publish opens the next one");
    }
    const bool has_key = epoch.not_after >= now_;  // afterwards it is destroyed, slot and all
    if (has_key && folder_.config().key_protection == protocol::KeyProtection::kPassphrase) {
      std::error_code ignored;
      const auto slot = folder_.path() / folder_.config().slot_folder / (epoch.id.hex() + ".slot");
      if (!std::filesystem::exists(slot, ignored)) {
        actions_.push_back("the slot of epoch " + epoch.id.hex() +
                           " is lost, and its key with it: blindbook epoch rotate --emergency");
      }
    }
    const oprf::Suite* const suite = oprf::find_suite(epoch.suite());
    return Facts()
        .add("id", epoch.id.hex())
        .add("suite", suite ? suite->name() : "unknown")
        .add("not_before", epoch.not_before)
        .add("not_after", epoch.not_after)
        .add("days_left", left(epoch.not_after, now_) / kDay)
        .add("edition", epoch.edition.value())
        .add("entries", epoch.entries)
        .add("directory_bytes", epoch.size);
  }

  /// What `serve --publish-at` tried and could not.
  void look_at_failures() {
    const auto failures = service::read_publication_failures(folder_.path());
    if (!failures) {
      return;
    }
    facts_.add("publication_failures", Facts()
                                           .add("failures", failures->count)
                                           .add("last_at", failures->last_at)
                                           .add("rule", failures->rule));
    actions_.push_back(counted(failures->count, "publication") + " of serve failed, the last one by " +
                       failures->rule + ": its log says why");
  }

  Result<void> look_at_ledger() {
    auto ledger = service::open_ledger(folder_.ledger_path(), folder_.config());
    auto size = ledger ? (*ledger)->size() : Result<service::LedgerSize>(failed(ledger));
    if (!size && folder_.config().ledger && size.error().fault == Fault::kUnavailable) {
      // The rest of the folder is here, and can be looked at.
      actions_.push_back(size.error().message);
      return {};
    }
    if (!size) {
      return failed(size);
    }
    facts_.add("ledger", Facts()
                             .add("engine", folder_.config().ledger ? "postgresql" : "sqlite")
                             .add("accounts", size->accounts)
                             .add("requests_remembered", size->requests)
                             .add("bytes", size->bytes)
                             .add("clock_held", size->clock_held));
    if (size->clock_held) {
      actions_.emplace_back(
          "this machine's clock jumped, and allowances are not refilled: set it right, then "
          "blindbook ledger confirm-clock");
    }
    return {};
  }

  Result<void> look_at_audit_trail() {
    const auto text = service::read_audit_trail(folder_.audit_path());
    if (!text) {
      return tl::unexpected<Error>(text.error());
    }
    const service::AuditTrail trail = service::examine_audit_trail(text_of(*text));
    Facts facts;
    facts.add("entries", trail.entries).add("head", trail.head.hex());
    if (trail.last) {
      facts.add("last_at", trail.last->at).add("last_command", trail.last->command);
    }
    facts_.add("audit", std::move(facts));
    if (trail.broken) {
      actions_.push_back("the audit trail was changed by hand: blindbook inspect " +
                         folder_.audit_path().string() + " says where");
    }
    return {};
  }

  void act(UnixTime end, const std::string& what, const std::string& repair) {
    const std::uint64_t rest = left(end, now_);
    actions_.push_back(what + (rest == 0 ? " has expired" : " expires in " + duration_text(rest)) + ": " +
                       repair);
  }

  const service::OperatorFolder& folder_;
  UnixTime now_;
  Facts facts_;
  std::vector<std::string> actions_;
};

}  // namespace

Result<ExitCode> run_status(const Arguments& arguments) {
  const auto folder = service::OperatorFolder::open(arguments.required("data"), {});
  if (!folder) {
    return tl::unexpected<Error>(folder.error());
  }
  Survey survey(*folder, now());
  if (auto looked = survey.look(); !looked) {
    return failed(looked);
  }
  const bool needs_action = !survey.actions().empty();
  const Facts facts = std::move(survey).facts();
  print(arguments.value("format") == "json" ? facts.json("blindbook.status/1") : facts.text());
  if (folder->holds_root_key()) {
    warn("the root key lies in the same folder as the keys it vouches for");
  }
  if (folder->config().key_protection == protocol::KeyProtection::kNone) {
    warn("the keys are not sealed");
  }
  return needs_action ? ExitCode::kFailed : ExitCode::kDone;
}

}  // namespace blindbook::cli
