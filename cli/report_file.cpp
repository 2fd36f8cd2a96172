#include "cli/report_file.h"

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "blindbook/base/bytes.h"
#include "blindbook/service/atomic_file.h"

namespace blindbook::cli {
namespace {

/// Whether messages of this machine are in German, by the variables of POSIX in their order.
bool locale_is_german() {
  for (const char* const variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* const value = std::getenv(variable);
    if (value != nullptr && *value != '\0') {
      const std::string_view locale = value;
      return locale.substr(0, locale.find_first_of("_.@")) == "de";
    }
  }
  return false;
}

/// The option whose file `path` is, under whatever name.
std::optional<std::string> input_named(const Arguments& arguments, const std::string& path) {
  std::error_code error;
  for (const char* const option :
       {"contacts", "open-from", "token-file", "operator-key", "ca-file", "state"}) {
    if (!arguments.has(option)) {
      continue;
    }
    for (const std::string& input : arguments.all(option)) {
      if (std::filesystem::equivalent(input, path, error)) {
        return "--" + std::string(option);
      }
    }
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<ReportFile>> ReportFile::from(const Arguments& arguments) {
  const auto path = arguments.value("report");
  const auto language = arguments.value("report-language");
  const bool page = path && path->ends_with(".html");
  if (language && !page) {
    return bad_input("usage.report", "--report-language is for a report that is a page",
                     "give --report a name that ends in .html");
  }
  if (!path) {
    return std::nullopt;
  }
  if (arguments.has("dry-run")) {
    return bad_input("usage.report", "a dry run sends nothing that could be reported",
                     "leave out --report or --dry-run");
  }
  if (const auto input = input_named(arguments, *path)) {
    return bad_input("usage.report", "the report would take the place of " + *input,
                     "give --report the name of another file");
  }
  const bool german = language ? *language == "de" : locale_is_german();
  return ReportFile(*path, !page ? nullptr : german ? &german_texts() : &english_texts());
}

Result<void> ReportFile::begin(DisclosureReport report) {
  report_ = std::move(report);
  return write();
}

void ReportFile::update(const service::Disclosure& disclosed, UnixTime now) {
  report_.disclosed = disclosed;
  report_.written = now;
  static_cast<void>(write());
}

Result<void> ReportFile::end(RunEnd end, std::optional<Error> reason, UnixTime now) {
  report_.end = end;
  report_.reason = std::move(reason);
  report_.written = now;
  return write();
}

Result<void> ReportFile::write() const {
  const std::string text = texts_ == nullptr ? report_json(report_) : report_html(report_, *texts_);
  return service::write_file_atomically(path_, bytes_of(text), service::FileAccess::kOwnerOnly);
}

}  // namespace blindbook::cli
