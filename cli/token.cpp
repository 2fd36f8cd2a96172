// `blindbook token`: prints one access token, as an issuer would mint it; or revokes those of an account.

#include "blindbook/protocol/token.h"

#include <algorithm>
#include <charconv>

#include "blindbook/base/random.h"
#include "blindbook/service/audit.h"
#include "blindbook/service/folder_creation.h"
#include "blindbook/service/operator_folder.h"
#include "blindbook/service/revocations.h"

#include "cli/commands.h"
#include "cli/common/clock.h"
#include "cli/common/terminal.h"

namespace blindbook::cli {
namespace {

/// Seconds of "90s", "10m" or "24h".
Result<std::uint64_t> life_from(const std::string& text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [unit, error] = std::from_chars(text.data(), end, number);
  const std::uint64_t factor = unit + 1 != end ? 0
                               : *unit == 's'  ? 1
                               : *unit == 'm'  ? 60
                               : *unit == 'h'  ? 3'600
                                               : 0;
  if (error != std::errc() || factor == 0 || number == 0 || number > protocol::kMaxTokenLife / factor) {
    return bad_input("usage.ttl", "--ttl cannot be '" + text + "'",
                     "it is such as 90s, 10m or 24h, and at most 24h");
  }
  return number * factor;
}

protocol::TokenScope scope_from(const std::string& word) {
  return {.evaluate = word != "resolve", .resolve = word != "evaluate"};
}

Result<ExitCode> revoke(const service::OperatorFolder& folder, const Arguments& arguments) {
  const std::string issuer = arguments.value("issuer").value_or(service::kOwnIssuer);
  const auto& issuers = folder.config().issuers;
  if (std::ranges::find(issuers, issuer, &protocol::Issuer::name) == issuers.end()) {
    return bad_input("revoked.issuer", "config.json knows no issuer '" + issuer + "'",
                     "--issuer names whose tokens are to be refused");
  }
  if (auto noted = service::append_audit(folder.audit_path(), now(), "token revoke"); !noted) {
    return failed(noted);
  }
  const auto revoked =
      service::revoke(folder.revocations_path(), issuer, arguments.required("account"), now());
  if (!revoked) {
    return tl::unexpected<Error>(revoked.error());
  }
  note("tokens of that account that were issued until now, or within the next minute, are refused");
  hint("see that " + issuer + " mints none for it before you are sure whose it is");
  return ExitCode::kDone;
}

}  // namespace

Result<ExitCode> run_token(const Arguments& arguments) {
  if (arguments.has("revoke") ? arguments.has("ttl") || arguments.has("scope") : arguments.has("issuer")) {
    return bad_input("usage.revoke", "--issuer belongs to --revoke, --ttl and --scope to a token",
                     help_hint(arguments.command()));
  }
  std::uint64_t life = protocol::kDefaultTokenLife;
  if (const auto ttl = arguments.value("ttl")) {
    const auto given = life_from(*ttl);
    if (!given) {
      return tl::unexpected<Error>(given.error());
    }
    life = *given;
  }
  // The token key is never sealed, so no passphrase is asked for.
  auto folder = service::OperatorFolder::open(arguments.required("data"), {});
  if (!folder) {
    return failed(folder);
  }
  if (arguments.has("revoke")) {
    return revoke(*folder, arguments);
  }
  const auto key = folder->load_token_key();
  if (!key) {
    return tl::unexpected<Error>(key.error());
  }
  const std::string kid = protocol::kid_of(key->public_key());
  const auto& issuers = folder->config().issuers;
  const auto issuer = std::ranges::find(issuers, kid, &protocol::Issuer::kid);
  if (issuer == issuers.end()) {
    return bad_input("token.key", "config.json does not name the token key as an issuer's",
                     "tokens of this folder would be refused");
  }
  SystemRandom random;
  const auto token = protocol::mint_token(*key,
                                          {.issuer = issuer->name,
                                           .kid = kid,
                                           .audience = folder->operator_id(),
                                           .account = arguments.required("account"),
                                           .scope = scope_from(arguments.value("scope").value_or("evaluate")),
                                           .issued_at = now(),
                                           .life_seconds = life},
                                          random);
  if (!token) {
    return tl::unexpected<Error>(token.error());
  }
  print(*token + "\n");
  return ExitCode::kDone;
}

}  // namespace blindbook::cli
