#include "tests/bench/report/write_report.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "blindbook/service/atomic_file.h"

#include "cli/common/terminal.h"
#include "tests/bench/report/page.h"

namespace blindbook::bench {

Result<void> write_report(const nlohmann::ordered_json& results, const std::string& file) {
  const auto page = report_page(results);
  if (!page) {
    return tl::unexpected<Error>(page.error());
  }
  return service::write_file_atomically(file, bytes_of(*page), service::FileAccess::kEveryone);
}

Result<cli::ExitCode> run_report(const cli::Arguments& arguments) {
  const auto to = arguments.value("report");
  if (!to) {
    return bad_input("bench.request", "--from needs --report FILE.html", "that is the page it makes");
  }
  const std::string from = *arguments.value("from");
  std::error_code ignored;
  if (std::filesystem::equivalent(from, *to, ignored)) {
    return bad_input("bench.request", "--from and --report are the same file",
                     "the page would take the place of the results");
  }
  std::ifstream file(from);
  if (!file || !std::filesystem::is_regular_file(from, ignored)) {
    return bad_input("file.open", from + " cannot be opened, or is no file");
  }
  const auto results = nlohmann::ordered_json::parse(file, nullptr, false);
  if (results.is_discarded()) {
    return bad_input("bench.results", from + " is not JSON",
                     "it is what blindbook bench --format json --output writes");
  }
  if (auto written = write_report(results, *to); !written) {
    return tl::unexpected<Error>(written.error());
  }
  cli::note("wrote " + *to);
  return cli::ExitCode::kDone;
}

}  // namespace blindbook::bench
