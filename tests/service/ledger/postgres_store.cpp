#include "tests/service/ledger/postgres_store.h"

#include <array>
#include <cstdlib>
#include <utility>

#include <libpq-fe.h>
#include <poll.h>

#include "blindbook/service/postgres_ledger.h"

namespace blindbook::service {

PostgresStore::PostgresStore() {
  const char* const where = std::getenv("BLINDBOOK_TEST_POSTGRESQL");
  REQUIRE(where != nullptr);
  where_ = where;
  beside_.reset(PQconnectdb(where));
  REQUIRE(PQstatus(beside_.get()) == CONNECTION_OK);
  PQsetNoticeProcessor(
      beside_.get(), [](void*, const char*) {}, nullptr);
  sql("DROP SCHEMA IF EXISTS blindbook CASCADE");
}

Result<std::unique_ptr<KeptLedger>> PostgresStore::open(const protocol::AllowancePolicy& policy,
                                                        LedgerOptions options) {
  return open_postgres_ledger(where_, policy, std::move(options));
}

std::string PostgresStore::sql(const std::string& statements) {
  const PostgresResult result(PQexec(beside_.get(), statements.c_str()));
  INFO(PQerrorMessage(beside_.get()));
  const auto status = PQresultStatus(result.get());
  REQUIRE((status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK));
  return PQntuples(result.get()) == 0 ? std::string() : PQgetvalue(result.get(), 0, 0);
}

bool PostgresStore::commits_wait() {
  sql("SET synchronous_commit = local; DROP TABLE IF EXISTS waiting");
  sql("SET synchronous_commit = on");
  REQUIRE(PQsendQuery(beside_.get(), "CREATE TABLE waiting ()") == 1);
  pollfd answer{.fd = PQsocket(beside_.get()), .events = POLLIN, .revents = 0};
  const bool waits = ::poll(&answer, 1, 300) == 0;
  if (waits) {
    const std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> cancel(PQgetCancel(beside_.get()), PQfreeCancel);
    std::array<char, 256> reason{};
    REQUIRE(PQcancel(cancel.get(), reason.data(), static_cast<int>(reason.size())) == 1);
  }
  while (PostgresResult(PQgetResult(beside_.get()))) {
  }
  return waits;
}

std::unique_ptr<LedgerStore> make_ledger_store() {
  return std::make_unique<PostgresStore>();
}

}  // namespace blindbook::service
