// Calls into each component of an installed blindbook, so that what a component forgot to bring fails to
// link.
#include <iostream>

#include "blindbook/contact/normaliser.h"
#include "blindbook/model/sweep.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/ed25519.h"
#include "blindbook/service/http/server.h"
#include "blindbook/service/sqlite_ledger.h"
#include "blindbook/protocol/token.h"

int main() {
  using namespace blindbook;
  SystemRandom random;
  const auto normaliser = contact::Normaliser::create("DE");
  const auto number = normaliser.value().normalise("030 23125 001");
  const auto key = protocol::Ed25519SecretKey::generate(random);
  const auto token = protocol::mint_token(key,
                                         {.issuer = "consumer",
                                          .kid = protocol::kid_of(key.public_key()),
                                          .audience = "00",
                                          .account = "somebody",
                                          .issued_at = UnixTime(1)},
                                         random);
  auto ledger = service::SqliteLedger::open("everything.db", {});
  const auto server = service::http::HttpServer::listen(
      {}, [](const service::http::Request&, const service::http::Respond& respond) { respond({}); });

  const bool works = oprf::find_suite(SuiteId::kRistretto255Sha512) != nullptr &&
                     number.identifiers.front().e164() == "+493023125001" && token.has_value() &&
                     model::sweep_cost(32, {.initial = 16, .refill_per_day = 0}).accounts_at_once == 2 &&
                     ledger.has_value() && server.has_value() && server.value()->port() != 0;
  std::cout << (works ? "every component works" : "a component does not work") << '\n';
  return works ? 0 : 1;
}
