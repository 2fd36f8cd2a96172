#include "blindbook/contact/csv.h"

#include <algorithm>

namespace blindbook::contact {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

}  // namespace

const CsvRecord* CsvReader::next() {
  consume_mark();
  while (!input_.empty()) {
    if (const std::string_view run = plain_run(); !run.empty()) {
      append(run);
      after_cr_ = false;
      input_.remove_prefix(run.size());
      continue;
    }
    const char c = input_.front();
    input_.remove_prefix(1);
    if (take(c)) {
      return emit(true);
    }
  }
  if (!finished_ || !in_record_) {
    return nullptr;
  }
  if (state_ == State::kQuoted && !record_.fault) {
    record_.fault = CsvFault::kUnclosedQuote;
  }
  end_field();
  return emit(false);
}

void CsvReader::consume_mark() {
  while (!mark_done_ && !input_.empty() && input_.front() == kByteOrderMark[mark_bytes_]) {
    input_.remove_prefix(1);
    mark_done_ = ++mark_bytes_ == kByteOrderMark.size();
  }
  if (mark_done_ || (input_.empty() && !finished_)) {
    return;
  }
  // Not a mark after all: what was taken for its beginning is text.
  mark_done_ = true;
  if (mark_bytes_ > 0) {
    begin_record();
    state_ = State::kUnquoted;
    append(kByteOrderMark.substr(0, mark_bytes_));
  }
}

void CsvReader::begin_record() {
  in_record_ = true;
  record_bytes_ = 0;
  record_.line = line_;
  record_.fields.clear();
  record_.fault.reset();
}

std::string_view CsvReader::plain_run() const {
  if (state_ == State::kUnquoted) {
    const auto end = std::find_if(input_.begin(), input_.end(),
                                  [&](char c) { return c == options_.delimiter || is_line_end(c); });
    return {input_.begin(), end};
  }
  if (state_ == State::kQuoted) {
    const auto end =
        std::find_if(input_.begin(), input_.end(), [](char c) { return c == '"' || is_line_end(c); });
    return {input_.begin(), end};
  }
  return {};
}

bool CsvReader::take(char c) {
  const bool ends_line = is_line_end(c);
  const bool after_its_cr = after_cr_ && c == '\n';
  after_cr_ = c == '\r';
  if (!in_record_ && !ends_line) {
    begin_record();
  }
  if (ends_line && !after_its_cr) {
    ++line_;
  }
  if (state_ == State::kQuoted && ends_line && !options_.line_breaks_in_quotes) {
    if (!record_.fault) {
      record_.fault = CsvFault::kUnclosedQuote;
    }
  } else if (state_ == State::kQuoted) {
    if (c == '"') {
      state_ = State::kQuoteInQuoted;
    } else {
      append({&c, 1});
    }
    return false;
  }
  if (ends_line) {
    if (!in_record_) {
      return false;
    }
    end_field();
    return true;
  }
  if (c == options_.delimiter) {
    end_field();
  } else if (c == '"' && state_ == State::kFieldStart) {
    state_ = State::kQuoted;
  } else if (c == '"' && state_ == State::kQuoteInQuoted) {
    append("\"");
    state_ = State::kQuoted;
  } else {
    if (state_ == State::kQuoteInQuoted && !record_.fault) {
      record_.fault = CsvFault::kTextAfterQuote;
    }
    append({&c, 1});
    state_ = State::kUnquoted;
  }
  return false;
}

void CsvReader::append(std::string_view text) {
  record_bytes_ += text.size();
  if (record_bytes_ > options_.max_record_bytes) {
    record_.fault = CsvFault::kTooLong;
  } else {
    field_.append(text);
  }
}

void CsvReader::end_field() {
  // An empty field costs memory too.
  record_bytes_ += sizeof(std::string);
  if (record_bytes_ > options_.max_record_bytes) {
    record_.fault = CsvFault::kTooLong;
  } else {
    record_.fields.push_back(std::move(field_));
  }
  field_.clear();
  state_ = State::kFieldStart;
}

const CsvRecord* CsvReader::emit(bool terminated) {
  in_record_ = false;
  record_.terminated = terminated;
  return &record_;
}

}  // namespace blindbook::contact
