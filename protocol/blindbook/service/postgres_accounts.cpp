#include "blindbook/service/postgres_accounts.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "blindbook/service/account_rows.h"
#include "blindbook/service/postgres_ledger_layout.h"

namespace blindbook::service {
namespace {

struct Found {
  RowsByIssuer rows;
  UnixTime refill_time;
};

/// Begins a transaction.
PostgresOutcome<Found> find(PostgresSession& session, std::string_view account) {
  const PostgresValues values = PostgresValues().add(account);
  session.send(ledger_sql::kBegin);
  session.send(ledger_sql::kReadClock);
  session.send(ledger_sql::kFindAccount, values);
  session.send(ledger_sql::kFindLabelAccount, values);
  session.send(ledger_sql::kFindRequests, values);
  const auto answers = session.round_trip();
  if (!answers) {
    return tl::unexpected<PostgresFailure>(answers.error());
  }
  const PostgresAnswer& clock = answers->at(1);
  Found found{.refill_time = UnixTime(clock.size() == 1 ? clock.number(0, 1) : 0)};
  for (const bool labels : {false, true}) {
    const PostgresAnswer& rows = answers->at(labels ? 3 : 2);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      AccountRows& of_issuer = found.rows[std::string(rows.text(i, 0))];
      (labels ? of_issuer.labels : of_issuer.evaluations) =
          protocol::AllowanceState{rows.number(i, 1), UnixTime(rows.number(i, 2))};
    }
  }
  const PostgresAnswer& requests = answers->at(4);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    found.rows[std::string(requests.text(i, 0))].requests = requests.number(i, 1);
  }
  return found;
}

PostgresOutcome<void> commit(PostgresSession& session) {
  session.send(ledger_sql::kCommit);
  const auto answers = session.round_trip();
  return answers ? PostgresOutcome<void>() : tl::unexpected<PostgresFailure>(answers.error());
}

PostgresValues values_of(std::string_view issuer, std::string_view account,
                         const protocol::AllowanceState& state) {
  return PostgresValues().add(issuer).add(account).add(state.level).add(state.refilled_at.value());
}

/// An epoch as PostgreSQL writes bytes: \x and hex.
EpochId epoch_of(std::string_view text) {
  const std::optional<Bytes> bytes = from_hex(text.substr(std::min<std::size_t>(2, text.size())));
  return bytes && bytes->size() == EpochId::kSize ? EpochId(ByteView(*bytes).first<EpochId::kSize>())
                                                  : EpochId();
}

}  // namespace

PostgresOutcome<void> show_account(PostgresSession& session, const protocol::AllowancePolicy& policy,
                                   std::string_view account, std::vector<AccountStanding>& standings) {
  const PostgresOutcome<Found> found = find(session, account);
  if (!found) {
    return tl::unexpected<PostgresFailure>(found.error());
  }
  standings = standings_of(found->rows, policy, found->refill_time);
  return commit(session);
}

PostgresOutcome<void> adjust_account(PostgresSession& session, const protocol::AllowancePolicy& policy,
                                     std::string_view account, const Adjustment& adjustment,
                                     std::vector<AccountStanding>& standings) {
  PostgresOutcome<Found> found = find(session, account);
  if (!found) {
    return tl::unexpected<PostgresFailure>(std::move(found.error()));
  }
  adjust_rows(found->rows, adjustment, policy, found->refill_time);
  for (const auto& [issuer, row] : found->rows) {
    session.send(ledger_sql::kPutAccount, values_of(issuer, account, *row.evaluations));
    if (row.labels) {
      session.send(ledger_sql::kWriteLabelAccount, values_of(issuer, account, *row.labels));
    }
  }
  standings = standings_of(found->rows, policy, found->refill_time);
  return commit(session);
}

PostgresOutcome<void> list_spending(PostgresSession& session, const std::function<void(const Spending&)>& row,
                                    const std::function<void(const DailyTotal&)>& day) {
  session.send(ledger_sql::kBeginListing);
  Spending last;  // before every name
  Bytes last_epoch;
  for (bool more = true; more;) {
    session.send(ledger_sql::kListSpending,
                 PostgresValues().add(last.account).add(last.issuer).add(ByteView(last_epoch)));
    const auto answers = session.round_trip();
    if (!answers) {
      return tl::unexpected<PostgresFailure>(answers.error());
    }
    const PostgresAnswer& rows = answers->back();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      last = {.issuer = std::string(rows.text(i, 0)),
              .account = std::string(rows.text(i, 1)),
              .epoch = epoch_of(rows.text(i, 2)),
              .evaluations = rows.number(i, 3),
              .first_day = rows.number(i, 4),
              .last_day = rows.number(i, 5)};
      row(last);
    }
    last_epoch.assign(last.epoch.view().begin(), last.epoch.view().end());
    more = rows.size() != 0;
  }
  session.send(ledger_sql::kListDaily);
  const auto answers = session.round_trip();
  if (!answers) {
    return tl::unexpected<PostgresFailure>(answers.error());
  }
  const PostgresAnswer& days = answers->front();
  for (std::size_t i = 0; i < days.size(); ++i) {
    day({.issuer = std::string(days.text(i, 0)), .day = days.number(i, 1), .evaluations = days.number(i, 2)});
  }
  return commit(session);
}

}  // namespace blindbook::service
