#pragma once

#include <filesystem>
#include <optional>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"

#include "cli/common/arguments.h"
#include "cli/disclosure_report.h"

namespace blindbook::cli {

/// The file of `discover --report`. It is written before the first connection, so that what cannot be
/// reported is not sent; again after each request, so that a run that is killed leaves what it had sent; and
/// at the end, however the run ends. Each time the whole file is replaced, 0600.
class ReportFile {
 public:
  /// Nothing without --report. BadInput "usage.report": with --dry-run, --report-language without a page, or a
  /// file that the run reads.
  [[nodiscard]] static Result<std::optional<ReportFile>> from(const Arguments& arguments);

  /// Errors of service::write_file_atomically().
  [[nodiscard]] Result<void> begin(DisclosureReport report);
  /// After a request. That a write fails is told by end().
  void update(const service::Disclosure& disclosed, UnixTime now);
  /// Errors of service::write_file_atomically().
  [[nodiscard]] Result<void> end(RunEnd end, std::optional<Error> reason, UnixTime now);

 private:
  /// `texts`: of a page; null for JSON.
  ReportFile(std::filesystem::path path, const DisclosureTexts* texts)
      : path_(std::move(path)), texts_(texts) {}
  [[nodiscard]] Result<void> write() const;

  std::filesystem::path path_;
  const DisclosureTexts* texts_;
  DisclosureReport report_;
};

}  // namespace blindbook::cli
