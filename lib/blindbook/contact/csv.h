#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace blindbook::contact {

/// What RFC 4180 does not allow. The fields are then what could be read.
enum class CsvFault {
  kTextAfterQuote,  ///< Text between a closing quote and the next delimiter; kept as part of the field.
  kUnclosedQuote,   ///< The input ended inside a quoted field, or the line did where lines end records.
  kTooLong,         ///< The record passed CsvOptions::max_record_bytes; the rest of it was skipped.
};

struct CsvRecord {
  std::size_t line = 0;  ///< Line, from 1, on which the record begins.
  std::vector<std::string> fields;
  std::optional<CsvFault> fault;
  bool terminated = false;  ///< False when the input ended before a line end did: the last field may be cut.
};

struct CsvOptions {
  char delimiter = ',';
  /// Bounds the memory of one record, so that a quote that is never closed does not swallow a file into
  /// memory.
  std::size_t max_record_bytes = std::size_t{1} << 20;
  /// Whether a quoted field may go on in the next line. Where no field is expected to, forbidding it confines
  /// the damage of a stray quote to its line; otherwise it may swallow what follows.
  bool line_breaks_in_quotes = true;
};

/// Reads records (RFC 4180) from chunks cut anywhere, holding one record at a time:
///
///     reader.push(chunk);                                  // or reader.finish() after the last chunk
///     while (const CsvRecord* record = reader.next()) { .. }
///
/// Lines end in CR LF, LF or CR; empty lines are skipped; a UTF-8 byte order mark at the start is dropped; a
/// quote inside an unquoted field is text. The bytes are not checked for UTF-8.
class CsvReader {
 public:
  explicit CsvReader(CsvOptions options = {}) noexcept : options_(options) {}

  /// Hands in the next bytes. They must stay alive until next() has returned nullptr, and the previous chunk
  /// must have been read to that point.
  void push(std::string_view chunk) noexcept { input_ = chunk; }
  /// Says that no bytes follow; next() then yields the last record if it lacks a line end.
  void finish() noexcept { finished_ = true; }
  /// The next record, valid until the next call; nullptr when more bytes are needed or nothing is left.
  [[nodiscard]] const CsvRecord* next();

 private:
  enum class State { kFieldStart, kUnquoted, kQuoted, kQuoteInQuoted };

  void consume_mark();
  void begin_record();
  void append(std::string_view text);
  void end_field();
  bool take(char c);
  std::string_view plain_run() const;
  const CsvRecord* emit(bool terminated);

  CsvOptions options_;
  std::string_view input_;
  std::size_t mark_bytes_ = 0;  // of the byte order mark seen so far
  bool mark_done_ = false;
  bool finished_ = false;
  bool after_cr_ = false;  // the LF that may follow belongs to the same line end
  std::size_t line_ = 1;
  State state_ = State::kFieldStart;
  bool in_record_ = false;
  std::size_t record_bytes_ = 0;
  std::string field_;
  CsvRecord record_;
};

}  // namespace blindbook::contact
