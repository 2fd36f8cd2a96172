#include <catch2/catch.hpp>

#include "blindbook/contact/csv.h"

#include "tests/support/deterministic_random.h"

namespace blindbook::contact {
namespace {

using test_support::DeterministicRandom;

/// Everything a caller sees of the records of `text`, read in chunks of up to `max_chunk` bytes.
std::vector<std::string> read_in_chunks(std::string_view text, std::size_t max_chunk,
                                        DeterministicRandom& random) {
  std::vector<std::string> out;
  CsvReader reader({.max_record_bytes = 400});
  const auto drain = [&] {
    while (const CsvRecord* record = reader.next()) {
      std::string line = std::to_string(record->line) + (record->terminated ? "" : " open") +
                         (record->fault ? " fault " + std::to_string(static_cast<int>(*record->fault)) : "");
      for (const std::string& field : record->fields) {
        line += " [" + field + "]";
      }
      out.push_back(line);
    }
  };
  while (!text.empty()) {
    const std::size_t size = std::min<std::size_t>(text.size(), 1 + random.below(max_chunk));
    reader.push(text.substr(0, size));
    drain();
    text.remove_prefix(size);
  }
  reader.finish();
  drain();
  return out;
}

std::string random_csv(DeterministicRandom& random) {
  const std::string_view alphabet = "ab,,\"\"\n\r\xEF\xBB\xBF ";
  std::string out = random.below(4) == 0 ? "\xEF\xBB\xBF" : "";
  for (std::uint64_t size = random.below(120); size > 0; --size) {
    out.push_back(alphabet[random.below(alphabet.size())]);
  }
  return out;
}

TEST_CASE("csv records do not depend on how the input is cut into chunks") {
  DeterministicRandom random(11);
  for (int round = 0; round < 3000; ++round) {
    const std::string text = random_csv(random);
    CAPTURE(text);
    const auto whole = read_in_chunks(text, text.size() + 1'000'000, random);
    CHECK(read_in_chunks(text, 1, random) == whole);
    CHECK(read_in_chunks(text, 7, random) == whole);
  }
}

std::string written(const std::vector<std::string>& fields) {
  std::string out;
  for (const std::string& field : fields) {
    out += out.empty() ? "\"" : ",\"";
    for (const char c : field) {
      out += c == '"' ? std::string("\"\"") : std::string(1, c);
    }
    out += '"';
  }
  return out + "\r\n";
}

TEST_CASE("csv fields written with quotes are read as they were") {
  DeterministicRandom random(12);
  for (int round = 0; round < 1000; ++round) {
    std::vector<std::string> fields(1 + random.below(4));
    for (std::string& field : fields) {
      field = random_csv(random).substr(0, 40);
    }
    CsvReader reader;
    const std::string text = written(fields);
    reader.push(text);
    const CsvRecord* record = reader.next();
    REQUIRE(record != nullptr);
    CHECK(record->fields == fields);
    CHECK_FALSE(record->fault.has_value());
    CHECK(reader.next() == nullptr);
  }
}

}  // namespace
}  // namespace blindbook::contact
