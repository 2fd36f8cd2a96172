#include "blindbook/service/postgres_session.h"

#include <cerrno>
#include <charconv>
#include <utility>

#include <libpq-fe.h>
#include <poll.h>

namespace blindbook::service {
namespace {

constexpr int kText = 0;
constexpr int kBinary = 1;

void note_warning(void* warned, const pg_result* notice) {
  const char* const severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity != nullptr && std::string_view(severity) == "WARNING") {
    *static_cast<bool*>(warned) = true;
  }
}

}  // namespace

PostgresValues& PostgresValues::add(std::string_view text) {
  values_.push_back({std::string(text), false});
  return *this;
}

PostgresValues& PostgresValues::add(ByteView bytes) {
  values_.push_back({std::string(bytes.begin(), bytes.end()), true});
  return *this;
}

PostgresValues& PostgresValues::add(std::uint64_t number) {
  values_.push_back({std::to_string(number), false});
  return *this;
}

std::size_t PostgresAnswer::size() const noexcept {
  return static_cast<std::size_t>(PQntuples(result_.get()));
}

std::string_view PostgresAnswer::text(std::size_t row, std::size_t column) const {
  const int at_row = static_cast<int>(row);
  const int at_column = static_cast<int>(column);
  return {PQgetvalue(result_.get(), at_row, at_column),
          static_cast<std::size_t>(PQgetlength(result_.get(), at_row, at_column))};
}

std::uint64_t PostgresAnswer::number(std::size_t row, std::size_t column) const {
  const std::string_view digits = text(row, column);
  if (digits == "t") {
    return 1;
  }
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::uint64_t PostgresAnswer::changed() const {
  const std::string_view digits = PQcmdTuples(result_.get());
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::string_view PostgresAnswer::did() const noexcept {
  return PQcmdStatus(result_.get());
}

PostgresSession::PostgresSession(PostgresHandle connection)
    : connection_(std::move(connection)), warned_(std::make_unique<bool>(false)) {
  PQsetNoticeReceiver(connection_.get(), note_warning, warned_.get());
}

PostgresOutcome<PostgresSession> PostgresSession::start(PostgresHandle connection,
                                                        std::span<const PostgresStatement> statements) {
  PostgresSession session(std::move(connection));
  pg_conn* const handle = session.connection_.get();
  session.send_failed_ = PQenterPipelineMode(handle) == 0;
  for (const PostgresStatement& statement : statements) {
    session.send_failed_ |= PQsendPrepare(handle, statement.name, statement.sql, 0, nullptr) == 0;
    ++session.sent_;
  }
  if (auto prepared = session.round_trip(); !prepared) {
    return tl::unexpected<PostgresFailure>(std::move(prepared.error()));
  }
  return session;
}

void PostgresSession::send(const PostgresStatement& statement, const PostgresValues& values) {
  std::array<const char*, PostgresValues::kMost> texts{};
  std::array<int, PostgresValues::kMost> lengths{};
  std::array<int, PostgresValues::kMost> formats{};
  for (std::size_t i = 0; i < values.values_.size(); ++i) {
    texts.at(i) = values.values_[i].text.c_str();
    lengths.at(i) = static_cast<int>(values.values_[i].text.size());
    formats.at(i) = values.values_[i].binary ? kBinary : kText;
  }
  send_failed_ |=
      PQsendQueryPrepared(connection_.get(), statement.name, static_cast<int>(values.values_.size()),
                          texts.data(), lengths.data(), formats.data(), kText) == 0;
  ++sent_;
}

PostgresOutcome<std::vector<PostgresAnswer>> PostgresSession::round_trip() {
  const std::size_t sent = std::exchange(sent_, 0);
  if (std::exchange(send_failed_, false) || PQpipelineSync(connection_.get()) == 0) {
    return tl::unexpected<PostgresFailure>(failure(nullptr));
  }
  std::optional<PostgresFailure> first;
  std::vector<PostgresAnswer> rows;
  rows.reserve(sent);
  for (std::size_t i = 0; i < sent; ++i) {
    PostgresOutcome<PostgresResult> result = next();
    if (!result) {
      return tl::unexpected<PostgresFailure>(std::move(result.error()));
    }
    const auto status = PQresultStatus(result->get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !first) {
      first = failure(result->get());
      if (first->sqlstate.empty()) {
        return tl::unexpected<PostgresFailure>(std::move(*first));
      }
    }
    rows.emplace_back(std::move(*result));
    if (PostgresOutcome<PostgresResult> end = next(); !end) {  // a null result ends each execution
      return tl::unexpected<PostgresFailure>(std::move(end.error()));
    }
  }
  const PostgresOutcome<PostgresResult> synced = next();
  if (!synced || PQresultStatus(synced->get()) != PGRES_PIPELINE_SYNC) {
    return tl::unexpected<PostgresFailure>(synced ? failure(nullptr) : synced.error());
  }
  if (first) {
    return tl::unexpected<PostgresFailure>(std::move(*first));
  }
  return rows;
}

bool PostgresSession::take_warning() noexcept {
  return std::exchange(*warned_, false);
}

/// The next result as it comes; fails when the connection breaks or the server is silent.
PostgresOutcome<PostgresResult> PostgresSession::next() {
  while (PQisBusy(connection_.get()) != 0) {
    pollfd waiting{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, kSilenceMilliseconds);
    if (ready == 0) {
      return tl::unexpected<PostgresFailure>(
          {.sqlstate = {}, .cause = "the server did not answer in time", .silent = true});
    }
    if ((ready < 0 && errno != EINTR) || (ready > 0 && PQconsumeInput(connection_.get()) == 0)) {
      return tl::unexpected<PostgresFailure>(failure(nullptr));
    }
  }
  return PostgresResult(PQgetResult(connection_.get()));
}

PostgresFailure PostgresSession::failure(const pg_result* result) const {
  // An error after which the server ends the connection is one of the connection, whatever its code.
  const bool broken = PQstatus(connection_.get()) != CONNECTION_OK;
  return {.sqlstate = broken ? std::string() : std::string(sqlstate_of(result)),
          .cause = cause_of(connection_.get(), result)};
}

}  // namespace blindbook::service
