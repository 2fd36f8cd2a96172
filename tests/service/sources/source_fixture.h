#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include "blindbook/service/sources/open.h"

#include "tests/support/temporary_folder.h"

namespace blindbook::service {

/// A folder with a database that a test fills.
struct SourceFixture {
  test_support::TemporaryFolder folder;
  std::string database = (folder / "messenger.db").string();

  void execute(const std::string& sql) const {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(database.c_str(), &handle) == SQLITE_OK);
    const int done = sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr);
    INFO(sqlite3_errmsg(handle));
    REQUIRE(done == SQLITE_OK);
    sqlite3_close(handle);
  }
  [[nodiscard]] std::string write(const char* name, std::string_view text) const {
    std::ofstream(folder / name, std::ios::binary) << text;
    return (folder / name).string();
  }
  /// Of the database.
  [[nodiscard]] SourceRequest asking(const std::string& query) const {
    return {.source = "sqlite:" + database, .query = query};
  }
};

struct ReadRows {
  std::vector<SubscriberRow> rows;
  std::string_view rule;  ///< that ended it; empty at a good end
};

inline ReadRows read_all(const SourceRequest& request) {
  ReadRows out;
  const auto source = open_subscriber_source(request);
  if (!source) {
    out.rule = source.error().rule;
    return out;
  }
  SubscriberRow row;
  Result<bool> there = (*source)->next(row);
  for (; there && *there; there = (*source)->next(row)) {
    out.rows.push_back(row);
  }
  if (!there) {
    out.rule = there.error().rule;
  }
  return out;
}

/// "number label" of the rows that are discoverable.
inline std::vector<std::string> discoverable(const SourceRequest& request) {
  const ReadRows read = read_all(request);
  CHECK(read.rule.empty());
  std::vector<std::string> out;
  for (const SubscriberRow& row : read.rows) {
    CHECK(row.fault.empty());
    if (row.discoverable) {
      out.push_back(row.number + " " + row.label);
    }
  }
  return out;
}

}  // namespace blindbook::service
