// `blindbook init`: makes an operator's folder.

#include "blindbook/base/random.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/service/operator_folder.h"

#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/facts.h"
#include "cli/common/input.h"
#include "cli/common/terminal.h"

namespace blindbook::cli {
namespace {

Result<SuiteId> suite_from(const Arguments& arguments) {
  const auto name = arguments.value("suite");
  if (!name) {
    return SuiteId::kRistretto255Sha512;
  }
  const oprf::Suite* const suite = oprf::find_suite_by_cli_name(*name);
  if (suite == nullptr) {
    return bad_input("usage.suite", "there is no suite '" + *name + "'", "blindbook --version lists them");
  }
  return suite->id();
}

void warn_of_weak_keeping(const Arguments& arguments) {
  if (arguments.has("unsealed-key")) {
    warn("the keys are not sealed: whoever reads this folder can find out every subscriber");
  }
  if (!arguments.has("root-key-out")) {
    warn(
        "the root key lies in the same folder as the keys it vouches for; --root-key-out FILE keeps it "
        "offline");
  }
}

}  // namespace

Result<ExitCode> run_init(const Arguments& arguments) {
  const auto suite = suite_from(arguments);
  if (!suite) {
    return tl::unexpected<Error>(suite.error());
  }
  if (arguments.has("unsealed-key") && arguments.has("passphrase-file")) {
    return bad_input("usage.passphrase", "--unsealed-key leaves no use for --passphrase-file",
                     help_hint(arguments.command()));
  }
  service::NewOperator options{.name = arguments.required("operator"), .suite = *suite};
  options.protection =
      arguments.has("unsealed-key") ? protocol::KeyProtection::kNone : protocol::KeyProtection::kPassphrase;
  options.passphrase = passphrase_source(arguments, Asking::kTwice);
  options.root_key_out = arguments.value("root-key-out");
  options.slot_folder = arguments.value("slot-dir");
  options.now = now();
  SystemRandom random;
  const auto folder = service::OperatorFolder::create(arguments.required("data"), options, random);
  if (!folder) {
    return tl::unexpected<Error>(folder.error());
  }
  Facts facts;
  facts.add("operator", folder->config().operator_name);
  facts.add("fingerprint", folder->operator_id());
  facts.add("operator_key", (folder->public_folder() / "operator.pub").string());
  facts.add("root_key", options.root_key_out ? options.root_key_out->string()
                                             : (folder->path() / "keys/root.key").string());
  print(facts.text());
  warn_of_weak_keeping(arguments);
  return ExitCode::kDone;
}

}  // namespace blindbook::cli
