#include "cli/disclosure_report.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include "blindbook/directory/label_seal.h"
#include "blindbook/protocol/codec.h"

#include "cli/common/json_text.h"
#include "cli/version.h"

namespace blindbook::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLineBreakBytes = 2;

/// The parts of the whole request, as it was to be sent.
std::vector<SentPart> wanted_parts(const service::DisclosedRequest& request) {
  std::vector<SentPart> parts;
  for (const service::http::HeadLine& line : request.head) {
    const SentKind kind = line.text.empty() ? SentKind::kEndOfHead
                          : parts.empty()   ? SentKind::kRequestLine
                                            : SentKind::kHeaderField;
    const std::size_t told = line.text.size() + kLineBreakBytes;
    parts.push_back({kind, line.text, told});
    if (line.bytes > told) {
      parts.push_back({SentKind::kToken, "", line.bytes - told});
    }
  }
  if (request.elements > 0) {
    parts.push_back({SentKind::kBodyHeader, "", protocol::kRequestHeaderBytes});
    const std::uint64_t bytes = request.body_bytes - protocol::kRequestHeaderBytes;
    parts.push_back({SentKind::kElements, "", bytes, bytes / request.elements});
  }
  if (request.asks_label) {
    const std::uint64_t handle = std::tuple_size_v<directory::Handle>;
    parts.push_back({SentKind::kBodyHeader, "", request.body_bytes - handle});
    parts.push_back({SentKind::kHandle, "", handle});
  }
  return parts;
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json time_or_null(const std::optional<UnixTime>& time) {
  return time ? Json(time->value()) : Json(nullptr);
}

std::string_view name(RunEnd end) {
  switch (end) {
    case RunEnd::kUnfinished:
      return "unfinished";
    case RunEnd::kComplete:
      return "complete";
    case RunEnd::kPartial:
      return "partial";
    case RunEnd::kFailed:
      break;
  }
  return "failed";
}

Json sent_json(const service::DisclosedRequest& request) {
  Json out = Json::array();
  for (const SentPart& part : sent_parts(request)) {
    Json& entry = out.emplace_back(Json{{"part", name(part.kind)}});
    if (!part.text.empty()) {
      entry["text"] = part.text;
    }
    if (part.kind == SentKind::kElements) {
      entry["count"] = part.count;
      entry["bytes_each"] = part.bytes_each;
    }
    entry["bytes"] = part.bytes;
  }
  return out;
}

Json request_json(const service::DisclosedRequest& request, const service::Disclosure& disclosed) {
  const Json network =
      disclosed.service.tls ? Json{"host-name", "addresses", "time", "size"} : Json{"everything"};
  return {{"time", request.at.value()},
          {"host", disclosed.service.authority()},
          {"connection", request.connection == 0 ? Json(nullptr) : Json(request.connection)},
          {"method", request.method},
          {"path", request.path},
          {"with_account", request.with_account},
          {"sent", {{"head", request.head_sent}, {"body", request.body_sent}}},
          {"received", {{"head", request.head_received}, {"body", request.body_received}}},
          {"status", request.status == 0 ? Json(nullptr) : Json(request.status)},
          {"failure", text_or_null(request.failure)},
          {"contains", sent_json(request)},
          {"readable_by", {{"service", {"everything"}}, {"network", network}}}};
}

Json token_json(const service::Disclosure& disclosed) {
  const protocol::BearerClaims& token = disclosed.token;
  return {{"issuer", token.issuer},
          {"account", token.account},
          {"audience", text_or_null(token.audience)},
          {"scope", text_or_null(token.scope)},
          {"id", text_or_null(token.id)},
          {"issued_at", time_or_null(token.issued_at)},
          {"expires_at", time_or_null(token.expires_at)},
          {"bytes", disclosed.token_bytes}};
}

Json run_json(const DisclosureReport& report) {
  Json reason = nullptr;
  if (report.reason) {
    reason = {{"fault", blindbook::name(report.reason->fault)}, {"rule", report.reason->rule}};
  }
  return {{"began_at", report.began.value()},
          {"written_at", report.written.value()},
          {"end", name(report.end)},
          {"reason", std::move(reason)}};
}

}  // namespace

std::string_view name(SentKind kind) noexcept {
  switch (kind) {
    case SentKind::kRequestLine:
      return "request-line";
    case SentKind::kHeaderField:
      return "header-field";
    case SentKind::kToken:
      return "token";
    case SentKind::kEndOfHead:
      return "end-of-head";
    case SentKind::kBodyHeader:
      return "body-header";
    case SentKind::kHandle:
      return "handle";
    case SentKind::kElements:
      break;
  }
  return "blinded-elements";
}

std::vector<SentPart> sent_parts(const service::DisclosedRequest& request) {
  std::vector<SentPart> parts = wanted_parts(request);
  std::uint64_t left = request.bytes_sent();
  for (SentPart& part : parts) {
    part.bytes = std::min(part.bytes, left);
    part.count = part.bytes_each == 0 ? 0 : part.bytes / part.bytes_each;
    left -= part.bytes;
  }
  std::erase_if(parts, [](const SentPart& part) { return part.bytes == 0; });
  return parts;
}

std::string report_json(const DisclosureReport& report) {
  const service::Disclosure& disclosed = report.disclosed;
  Json batches = Json::array();
  for (const service::DisclosedBatch& batch : disclosed.batches) {
    batches.push_back({{"size", batch.size}, {"resumed", batch.resumed}, {"answered", batch.answered}});
  }
  Json requests = Json::array();
  for (const service::DisclosedRequest& request : disclosed.requests) {
    requests.push_back(request_json(request, disclosed));
  }
  return json_text({{"schema", "blindbook.disclosure/1"},
                    {"program", program_version()},
                    {"run", run_json(report)},
                    {"service",
                     {{"url", disclosed.service.url()},
                      {"transport", disclosed.service.tls ? "tls" : "plain"},
                      {"operator", text_or_null(disclosed.operator_name)},
                      {"operator_id", report.operator_id.hex()}}},
                    {"token", token_json(disclosed)},
                    {"bytes_sent", disclosed.bytes_sent()},
                    {"bytes_received", disclosed.bytes_received()},
                    {"batches", std::move(batches)},
                    {"evaluations_charged", disclosed.evaluations_charged},
                    {"labels_asked", disclosed.labels_asked},
                    {"labels_charged", disclosed.labels_answered},
                    {"requests", std::move(requests)},
                    {"naive_upload", {{"numbers", report.naive.numbers}, {"names", report.naive.names}}}});
}

}  // namespace blindbook::cli
