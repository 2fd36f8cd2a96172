// `blindbook erase`: takes one number out of what is served, and keeps it out.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "blindbook/base/random.h"
#include "blindbook/contact/normaliser.h"
#include "blindbook/contact/reject_reason.h"
#include "blindbook/service/erasure.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/subscriber_list.h"
#include "blindbook/service/subscriber_number.h"

#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/facts.h"
#include "cli/common/input.h"
#include "cli/common/terminal.h"

namespace blindbook::cli {
namespace {

constexpr std::size_t kMaxInputBytes = 4096;

constexpr std::string_view kWasPublished =
    "removed from the live system: nothing that is served from now on names this number. Copies of earlier "
    "editions, where "
    "somebody kept them, can be read by clients that had looked the number up, and by whoever holds the key "
    "of their epoch, "
    "which goes when the epoch ends; the operator declares that no copy of that key exists";
constexpr std::string_view kWasNotPublished =
    "the number stood in nothing that is served. Should it have stood in an earlier edition of these epochs, "
    "copies that "
    "somebody kept can be read by clients that had looked it up, and by whoever holds the key of their "
    "epoch, which goes when "
    "the epoch ends; the operator declares that no copy of that key exists";
constexpr std::string_view kWarning =
    "the subscriber list may still hold the row: until these epochs end no publication brings the number "
    "back, after that one "
    "does, unless the row is gone or says that it is not discoverable";

/// The number on standard input. It is never taken from the command line, where other users and the history of the
/// shell see it.
Result<Identifier> number_from_input(const Arguments& arguments) {
  const std::optional<std::string> region = arguments.value("region");
  const auto normaliser = contact::Normaliser::create(region);
  if (!normaliser) {
    return tl::unexpected<Error>(normaliser.error());
  }
  if (stdin_is_terminal()) {
    note("type the number, then Enter and Ctrl-D");
  }
  auto read = read_input("-", kMaxInputBytes);
  if (!read) {
    return failed(read);
  }
  const SecretBytes input = SecretBytes::adopt(std::move(*read));
  std::string_view text = text_of(input.expose());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  if (text.find('\n') != std::string_view::npos) {
    return bad_input("erase.number", "standard input holds more than one line", "erase one number at a time");
  }
  auto number = service::subscriber_number(*normaliser, !region.has_value(), text);
  if (!number) {
    return bad_input("erase.number",
                     "standard input holds no number: " + std::string(contact::describe(number.error())),
                     std::string(service::hint_for_rejected_row(number.error())));
  }
  return std::move(*number);
}

Facts receipt_of(const service::ErasureReceipt& receipt, const service::OperatorFolder& folder, UnixTime at) {
  std::vector<Facts> epochs;
  UnixTime last_key_ends;
  for (const service::ErasedFrom& from : receipt.epochs) {
    epochs.push_back(Facts()
                         .add("epoch", from.epoch.hex())
                         .add("number_hash", from.number.hex())
                         .add("was_published", from.was_published)
                         .add("edition", from.edition.value())
                         .add("key_ends", from.key_ends));
    last_key_ends = std::max(last_key_ends, from.key_ends);
  }
  Facts out;
  out.add("erased_at", at).add("operator", folder.config().operator_name);
  out.add("operator_id", folder.operator_id());
  out.add("was_published", receipt.was_published);
  out.add("epochs", std::move(epochs));
  out.add("http_caches_until", receipt.caches_until).add("old_copies_readable_until", last_key_ends);
  if (receipt.announced) {
    out.add("head", receipt.announced->head.hex());
  }
  out.add("statement", receipt.was_published ? kWasPublished : kWasNotPublished).add("warning", kWarning);
  return out;
}

Result<ExitCode> lift(service::OperatorFolder& folder, const Identifier& number) {
  const auto lifted = service::lift_erasure(folder, number, now());
  if (!lifted) {
    return tl::unexpected<Error>(lifted.error());
  }
  note(*lifted == 0 ? "the number was not erased from any epoch that lives: there is nothing to lift"
                    : "the erasure is lifted: the next publication does what the subscriber list says");
  return ExitCode::kDone;
}

}  // namespace

Result<ExitCode> run_erase(const Arguments& arguments) {
  auto folder =
      service::OperatorFolder::open(arguments.required("data"), passphrase_source(arguments, Asking::kOnce));
  if (!folder) {
    return failed(folder);
  }
  const auto number = number_from_input(arguments);
  if (!number) {
    return tl::unexpected<Error>(number.error());
  }
  if (arguments.has("lift")) {
    return lift(*folder, *number);
  }
  SystemRandom random;
  const UnixTime at = now();
  const auto receipt = service::erase_number(*folder, *number, at, random);
  if (!receipt) {
    return tl::unexpected<Error>(receipt.error());
  }
  for (const std::string& notice : receipt->notices) {
    note(notice);
  }
  const Facts facts = receipt_of(*receipt, *folder, at);
  print(arguments.value("format") == "json" ? facts.json("blindbook.erasure/1") : facts.text());
  if (receipt->announced && receipt->announced->announcement.valid_until < at) {
    warn("the announcement had expired before, and still has: blindbook publish");
  }
  return ExitCode::kDone;
}

}  // namespace blindbook::cli
