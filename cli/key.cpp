// `blindbook key`: what only the root key can do for the announcement key.

#include "blindbook/base/random.h"
#include "blindbook/service/announcement_key.h"

#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/facts.h"
#include "cli/common/input.h"
#include "cli/common/terminal.h"

namespace blindbook::cli {
namespace {

void show(const service::CertifiedKey& key) {
  Facts facts;
  facts.add("announcement_key", key.certificate.key.hex());
  facts.add("certificate", Facts()
                               .add("serial", key.certificate.serial)
                               .add("not_before", key.certificate.not_before)
                               .add("not_after", key.certificate.not_after));
  if (key.announced) {
    facts.add("announcement", Facts()
                                  .add("seq", key.announced->announcement.seq)
                                  .add("head", key.announced->head.hex())
                                  .add("valid_until", key.announced->announcement.valid_until));
  }
  print(facts.text());
}

}  // namespace

Result<ExitCode> run_key(const Arguments& arguments) {
  const std::string act = arguments.positional().value_or("");
  if (act != "renew" && act != "revoke") {
    return bad_input("usage.key", "what to do with the announcement key is not said",
                     "it is: blindbook key renew, or, when it was stolen, blindbook key revoke");
  }
  const service::KeyCeremony ceremony{.folder = arguments.required("data"),
                                      .passphrase = passphrase_source(arguments, Asking::kOnce),
                                      .root_key = arguments.value("root-key"),
                                      .now = now()};
  SystemRandom random;
  const auto key = act == "renew" ? service::renew_certificate(ceremony)
                                  : service::revoke_announcement_key(ceremony, random);
  if (!key) {
    return tl::unexpected<Error>(key.error());
  }
  show(*key);
  if (!key->announced) {
    note("nothing is published yet: the first announcement will tell clients");
  } else if (key->announced->announcement.valid_until < ceremony.now) {
    warn("the announcement had expired before, and still has: blindbook publish");
  } else {
    note("clients see this announcement: put public/announcement.bba away again, a restore has to follow it");
  }
  return ExitCode::kDone;
}

}  // namespace blindbook::cli
