#include "tests/bench/report/write_report.h"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "blindbook/service/atomic_file.h"

#include "cli/common/input.h"
#include "cli/common/terminal.h"
#include "tests/bench/report/page.h"

namespace blindbook::bench {

namespace {

/// All runs of the largest grid that one would wait for are a tenth of it.
constexpr std::size_t kMostResultBytes = 64'000'000;
/// Of a result there are six.
constexpr int kMostLevels = 16;

/// Discarded where it is no JSON, or is nested deeper than a result.
nlohmann::ordered_json parse_results(std::string_view text) {
  bool is_too_deep = false;
  const auto is_kept = [&](int depth, nlohmann::ordered_json::parse_event_t /*event*/,
                           nlohmann::ordered_json& /*value*/) {
    is_too_deep = is_too_deep || depth > kMostLevels;
    return !is_too_deep;
  };
  auto out = nlohmann::ordered_json::parse(text, is_kept, false);
  return is_too_deep ? nlohmann::ordered_json(nlohmann::ordered_json::value_t::discarded) : std::move(out);
}

}  // namespace

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
  const auto bytes = cli::read_input(from, kMostResultBytes);
  if (!bytes) {
    return tl::unexpected<Error>(bytes.error());
  }
  const auto results = parse_results(text_of(*bytes));
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
