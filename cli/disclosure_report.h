#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/service/disclosure.h"

#include "cli/address_books.h"
#include "cli/disclosure_texts.h"

/// The disclosure report: what left the device in one run, every byte accounted for
/// (docs/spec/disclosure-report.md). It is made to be shown to others, so nothing in it comes from the
/// address book but two counts.
namespace blindbook::cli {

enum class RunEnd {
  kUnfinished,  ///< the report is written while the run goes on, so this is what a killed run leaves
  kComplete,
  kPartial,  ///< the allowance ended half-way
  kFailed,
};

struct DisclosureReport {
  service::Disclosure disclosed;
  protocol::RootFingerprint operator_id;
  NaiveUpload naive;
  UnixTime began;
  UnixTime written;
  RunEnd end = RunEnd::kUnfinished;
  /// Why the run is partial or failed. Only fault and rule are shown: a message may name files of this
  /// machine.
  std::optional<Error> reason;
};

enum class SentKind { kRequestLine, kHeaderField, kToken, kEndOfHead, kBodyHeader, kElements, kHandle };

/// A part of what one request sent.
struct SentPart {
  SentKind kind;
  std::string text;              ///< of lines of the head, without what is a secret
  std::uint64_t bytes;           ///< that were sent: of a request that was cut the rest is left out
  std::uint64_t bytes_each = 0;  ///< of one element
  std::uint64_t count = 0;       ///< of elements that were sent whole
};

/// Stable name: "request-line", "header-field", "token", "end-of-head", "body-header", "blinded-elements".
[[nodiscard]] std::string_view name(SentKind kind) noexcept;

/// All that `request` sent, in order; the bytes add up to request.bytes_sent().
[[nodiscard]] std::vector<SentPart> sent_parts(const service::DisclosedRequest& request);

/// Schema "blindbook.disclosure/1".
[[nodiscard]] std::string report_json(const DisclosureReport& report);

/// One HTML page that needs nothing besides itself: no script, no network. It is well-formed XML too.
[[nodiscard]] std::string report_html(const DisclosureReport& report, const DisclosureTexts& texts);

}  // namespace blindbook::cli
