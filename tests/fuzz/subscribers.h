#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "blindbook/service/sources/csv.h"
#include "blindbook/service/sources/json_lines.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::fuzz {

struct ReadSubscribers {
  bool has_header = true;
  std::vector<service::SubscriberRow> rows;
};

/// A file in memory that publish can open by a name of its own.
class NamedMemory {
 public:
  explicit NamedMemory(const std::string& name)
      : path_((folder_ / name).string()), file_(memfd_create("list", 0)) {
    std::filesystem::create_symlink("/proc/self/fd/" + std::to_string(file_), path_);
  }
  ~NamedMemory() { close(file_); }
  NamedMemory(const NamedMemory&) = delete;
  NamedMemory& operator=(const NamedMemory&) = delete;

  void write(std::string_view content) const {
    require(ftruncate(file_, 0) == 0 &&
                pwrite(file_, content.data(), content.size(), 0) == static_cast<ssize_t>(content.size()),
            "the target can write its file");
  }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  test_support::TemporaryFolder folder_;
  std::string path_;
  int file_;
};

/// The rows of `content`, read from `file` as publish reads it. Requires what holds of every source.
inline ReadSubscribers read_subscribers(std::string_view content, const NamedMemory& file) {
  file.write(content);
  const auto open =
      file.path().ends_with(".jsonl") ? service::open_json_lines_source : service::open_csv_source;
  const auto source = open(file.path(), service::DiscoverableColumn::kRequired).value();
  ReadSubscribers out;
  for (service::SubscriberRow row;;) {
    const auto there = source->next(row);
    if (!there) {
      require_refusal(there.error(), Fault::kBadInput, {"source.header"});
      require(out.rows.empty(), "a list without a header has no rows");
      out.has_header = false;
      return out;
    }
    if (!*there) {
      require(source->bytes_read() == content.size(), "a list is read to its end");
      return out;
    }
    require(row.line > (out.rows.empty() ? 0 : out.rows.back().line), "rows stand on ascending lines");
    require(row.fault.empty() || row.fault == "damaged-row" || row.fault == "columns" ||
                row.fault == "json" || row.fault == "discoverable-value",
            "a row is refused for a known reason");
    out.rows.push_back(row);
  }
}

inline ReadSubscribers read_csv(std::string_view content) {
  static const NamedMemory file("list.csv");
  return read_subscribers(content, file);
}

inline ReadSubscribers read_json_lines(std::string_view content) {
  static const NamedMemory file("list.jsonl");
  return read_subscribers(content, file);
}

}  // namespace blindbook::fuzz
