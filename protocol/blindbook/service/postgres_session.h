#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/service/postgres_connection.h"

/// One connection to PostgreSQL that sends many prepared statements at a time and waits once (libpq's pipeline mode).
namespace blindbook::service {

/// A statement under the name by which a session prepared it.
struct PostgresStatement {
  const char* name;
  const char* sql;
};

/// The values of $1, $2, .. of one execution. Text and bytes are borrowed until it was sent.
class PostgresValues {
 public:
  static constexpr std::size_t kMost = 8;

  PostgresValues& add(std::string_view text);
  PostgresValues& add(ByteView bytes);
  PostgresValues& add(std::uint64_t number);

 private:
  friend class PostgresSession;
  struct Value {
    std::string text;  // ended by a zero, for libpq
    bool binary;
  };
  std::vector<Value> values_;
};

/// What one execution gave.
class PostgresAnswer {
 public:
  explicit PostgresAnswer(PostgresResult result) noexcept : result_(std::move(result)) {}

  [[nodiscard]] std::size_t size() const noexcept;
  /// A column that holds whole numbers from 0 on, or a boolean, as 1 or 0.
  [[nodiscard]] std::uint64_t number(std::size_t row, std::size_t column) const;
  [[nodiscard]] std::string_view text(std::size_t row, std::size_t column) const;
  /// Rows that were inserted, changed or deleted.
  [[nodiscard]] std::uint64_t changed() const;
  /// What the server did, such as "COMMIT".
  [[nodiscard]] std::string_view did() const noexcept;

 private:
  PostgresResult result_;
};

/// Why a round trip came to nothing.
struct PostgresFailure {
  std::string sqlstate;  ///< empty: the connection broke, or the server was silent
  std::string cause;     ///< one line, that holds no value out of a row
  bool silent = false;   ///< the server did not answer in time: what it does is not known
};

template <class T>
using PostgresOutcome = tl::expected<T, PostgresFailure>;

/// Not for several threads. After a failure without SQLSTATE it is of no more use: destroy it.
class PostgresSession {
 public:
  /// How long a server may be silent in the middle of an answer.
  static constexpr int kSilenceMilliseconds = 10'000;

  /// Takes over a connection on which nothing is under way, and prepares `statements`.
  [[nodiscard]] static PostgresOutcome<PostgresSession> start(PostgresHandle connection,
                                                              std::span<const PostgresStatement> statements);

  /// Adds an execution to the round trip at hand.
  void send(const PostgresStatement& statement, const PostgresValues& values = {});

  /// Sends what was added and waits: the rows of each execution, in their order. Where one fails, those behind it are not
  /// executed, and its failure is returned; the transaction has to be rolled back.
  [[nodiscard]] PostgresOutcome<std::vector<PostgresAnswer>> round_trip();

  /// True when the server warned of something since the last call. A commit that did not wait for its synchronous standby
  /// succeeds with a warning.
  [[nodiscard]] bool take_warning() noexcept;

 private:
  explicit PostgresSession(PostgresHandle connection);
  [[nodiscard]] PostgresOutcome<PostgresResult> next();
  [[nodiscard]] PostgresFailure failure(const pg_result* result) const;

  PostgresHandle connection_;
  std::unique_ptr<bool> warned_;  // libpq holds its address
  std::size_t sent_ = 0;
  bool send_failed_ = false;
};

}  // namespace blindbook::service
