#include <filesystem>
#include <fstream>
#include <iterator>

#include "blindbook/service/ledger_forget.h"

#include "tests/service/ledger/sqlite_store.h"

namespace blindbook::service {
namespace {

/// How often `word` stands in the files of the ledger.
std::size_t occurrences(const SqliteFixture& fixture, const std::string& word) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(fixture.folder.path())) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    for (std::size_t at = bytes.find(word); at != std::string::npos; at = bytes.find(word, at + 1)) {
      ++count;
    }
  }
  return count;
}

TEST_CASE("a forgotten account leaves no byte in the ledger, and the others stay") {
  SqliteFixture fixture;
  static_cast<void>(fixture.charged(charge_of(1, 1024, "anna-in-the-ledger"), kStart));
  static_cast<void>(fixture.charged(charge_of(2, 64, "anna-in-the-ledger"), kStart));
  static_cast<void>(fixture.charged(charge_of(3, 64, "anna-in-the-ledger", "county"), kStart));
  static_cast<void>(fixture.charged(charge_of(4, 1024, "bert-in-the-ledger"), kStart));
  Charge label = charge_of(5, 1, "anna-in-the-ledger");
  label.bucket = Bucket::kLabels;
  static_cast<void>(fixture.charged(label, kStart));
  REQUIRE(occurrences(fixture, "anna-in-the-ledger") > 0);
  // As while a service works on the same file.
  const Result<ForgottenAccount> forgotten =
      forget_account(fixture.folder / "blindbook.db", "anna-in-the-ledger");
  REQUIRE(forgotten);
  CHECK(forgotten->accounts == 2);
  CHECK(forgotten->requests == 4);
  CHECK(occurrences(fixture, "anna-in-the-ledger") == 0);
  CHECK(occurrences(fixture, "bert-in-the-ledger") > 0);
  CHECK(fixture.charged(charge_of(4, 1024, "bert-in-the-ledger"), kStart).repeated);
  CHECK(fixture.charged(charge_of(1, 1024, "anna-in-the-ledger"), kStart).allowance_left ==
        kPolicy.initial - 1024);
}

}  // namespace
}  // namespace blindbook::service
