// RFC 4180, cut anywhere. The first byte chooses the options; the rest is the file.
#include "blindbook/contact/csv.h"

#include <algorithm>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::fuzz {
namespace {

using contact::CsvOptions;
using contact::CsvReader;
using contact::CsvRecord;

std::vector<CsvRecord> drain(CsvReader& reader) {
  std::vector<CsvRecord> out;
  while (const CsvRecord* record = reader.next()) {
    out.push_back(*record);
  }
  return out;
}

std::vector<CsvRecord> read_in_chunks(std::string_view text, const CsvOptions& options,
                                      test_support::DeterministicRandom& random) {
  CsvReader reader(options);
  std::vector<CsvRecord> out;
  while (!text.empty()) {
    // Memory of its own, which goes when the chunk has been read.
    const std::string chunk(text.substr(0, random.below(8)));
    text.remove_prefix(chunk.size());
    reader.push(chunk);
    for (CsvRecord& record : drain(reader)) {
      out.push_back(std::move(record));
    }
  }
  reader.finish();
  for (CsvRecord& record : drain(reader)) {
    out.push_back(std::move(record));
  }
  return out;
}

std::vector<CsvRecord> read_whole(std::string_view text, const CsvOptions& options) {
  CsvReader reader(options);
  reader.push(text);
  std::vector<CsvRecord> out = drain(reader);
  reader.finish();
  for (CsvRecord& record : drain(reader)) {
    out.push_back(std::move(record));
  }
  return out;
}

bool same(const CsvRecord& a, const CsvRecord& b) {
  return a.line == b.line && a.fields == b.fields && a.fault == b.fault && a.terminated == b.terminated;
}

std::string quoted(const CsvRecord& record, char delimiter) {
  std::string out;
  for (const std::string& field : record.fields) {
    out.append(out.empty() ? "\"" : std::string(1, delimiter).append("\""));
    for (const char c : field) {
      out.append(c == '"' ? 2 : 1, c);
    }
    out.append("\"");
  }
  return out.append("\r\n");
}

}  // namespace

void run(ByteView input) {
  if (input.empty()) {
    return;
  }
  const std::uint8_t choice = input[0];
  const CsvOptions options{.delimiter = ",;\t"[choice % 3],
                           .max_record_bytes = choice % 7 == 0 ? std::size_t{40} : std::size_t{1} << 20,
                           .line_breaks_in_quotes = choice % 2 == 0};
  const std::string_view text = text_of(input.subspan(1));
  test_support::DeterministicRandom random(seed_of(input));
  const std::vector<CsvRecord> records = read_whole(text, options);
  const std::vector<CsvRecord> in_chunks = read_in_chunks(text, options, random);
  require(std::equal(records.begin(), records.end(), in_chunks.begin(), in_chunks.end(), same),
          "chunks of any size give the same records");
  for (std::size_t i = 0; i < records.size(); ++i) {
    require(records[i].line > (i == 0 ? 0 : records[i - 1].line), "records begin on ascending lines");
    require(records[i].terminated || i + 1 == records.size(), "only the last record lacks its line end");
    require(records[i].fault || !records[i].fields.empty(), "a record has a field");
  }

  // What was read whole can be written and read again.
  for (const CsvRecord& record : records) {
    const bool of_one_line = std::all_of(
        record.fields.begin(), record.fields.end(),
        [](const std::string& field) { return field.find_first_of("\r\n") == std::string::npos; });
    if (record.fault || (!of_one_line && !options.line_breaks_in_quotes)) {
      continue;
    }
    const std::vector<CsvRecord> again =
        read_whole(quoted(record, options.delimiter), {.delimiter = options.delimiter});
    require(again.size() == 1 && !again[0].fault && again[0].fields == record.fields,
            "a record survives being quoted");
  }
}

}  // namespace blindbook::fuzz
