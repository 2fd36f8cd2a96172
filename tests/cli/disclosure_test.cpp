#include <array>
#include <bit>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/disclosure_report.h"

namespace blindbook::cli {
namespace {

service::DisclosedRequest evaluation(std::uint64_t head_sent, std::uint64_t body_sent) {
  return {.at = UnixTime(0),
          .method = "POST",
          .path = "/v1/evaluate",
          .with_account = true,
          .connection = 1,
          .head = {{"POST /v1/evaluate HTTP/1.1", 28}, {"Authorization: Bearer ", 124}, {"", 2}},
          .elements = 16,
          .body_bytes = 24 + 16 * 32,
          .head_sent = head_sent,
          .body_sent = body_sent,
          .failure = {}};
}

std::vector<std::pair<SentKind, std::uint64_t>> parts_of(const service::DisclosedRequest& request) {
  std::vector<std::pair<SentKind, std::uint64_t>> out;
  for (const SentPart& part : sent_parts(request)) {
    out.emplace_back(part.kind, part.bytes);
  }
  return out;
}

/// What stands in braces in each text. DisclosureTexts is nothing but string views, and read as such, so that
/// no text can be forgotten here.
std::vector<std::string> placeholders(const DisclosureTexts& texts) {
  constexpr std::size_t kTexts = sizeof(DisclosureTexts) / sizeof(std::string_view);
  std::vector<std::string> out;
  for (const std::string_view text : std::bit_cast<std::array<std::string_view, kTexts>>(texts)) {
    std::set<std::string> in_text;
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
      in_text.emplace(text.substr(open, text.find('}', open) - open + 1));
    }
    std::string all = text.empty() ? "no text" : "";
    for (const std::string& name : in_text) {
      all += name;
    }
    out.push_back(all);
  }
  return out;
}

}  // namespace

TEST_CASE("the parts of a request add up to what was sent") {
  using Parts = std::vector<std::pair<SentKind, std::uint64_t>>;
  REQUIRE(parts_of(evaluation(154, 536)) == Parts{{SentKind::kRequestLine, 28},
                                                  {SentKind::kHeaderField, 24},
                                                  {SentKind::kToken, 100},
                                                  {SentKind::kEndOfHead, 2},
                                                  {SentKind::kBodyHeader, 24},
                                                  {SentKind::kElements, 512}});
}

TEST_CASE("a question for a label is told as its header and the handle") {
  using Parts = std::vector<std::pair<SentKind, std::uint64_t>>;
  service::DisclosedRequest request = evaluation(154, 38);
  request.elements = 0;
  request.asks_label = true;
  request.body_bytes = 38;
  const auto parts = parts_of(request);
  REQUIRE(Parts(parts.end() - 2, parts.end()) == Parts{{SentKind::kBodyHeader, 22}, {SentKind::kHandle, 16}});
}

TEST_CASE("of a request that was cut only what was sent is told") {
  using Parts = std::vector<std::pair<SentKind, std::uint64_t>>;
  REQUIRE(parts_of(evaluation(0, 0)).empty());
  REQUIRE(parts_of(evaluation(60, 0)) ==
          Parts{{SentKind::kRequestLine, 28}, {SentKind::kHeaderField, 24}, {SentKind::kToken, 8}});
  const auto cut = sent_parts(evaluation(154, 24 + 3 * 32 + 1));
  REQUIRE(cut.back().bytes == 97);
  REQUIRE(cut.back().count == 3);
}

TEST_CASE("all languages say the same with the same values") {
  const auto english = placeholders(english_texts());
  const auto german = placeholders(german_texts());
  for (std::size_t i = 0; i < english.size(); ++i) {
    INFO("text " << i);
    CHECK(english[i] != "no text");
    CHECK(english[i] == german[i]);
  }
}

TEST_CASE("what others chose cannot become a part of the page") {
  DisclosureReport report;
  const std::string hostile = "<script>alert('x')</script>\"&\xe2\x80\xae";
  report.disclosed.operator_name = hostile;
  report.disclosed.token = {.issuer = hostile,
                            .account = hostile,
                            .audience = hostile,
                            .scope = hostile,
                            .id = hostile,
                            .issued_at = UnixTime(~std::uint64_t{0}),
                            .expires_at = {}};
  report.disclosed.service.host = hostile;
  report.disclosed.requests = {evaluation(154, 536)};
  report.disclosed.requests[0].path = hostile;
  report.disclosed.requests[0].head[0].text = hostile;
  for (const DisclosureTexts* texts : {&english_texts(), &german_texts()}) {
    const std::string page = report_html(report, *texts);
    REQUIRE(page.find("<script") == std::string::npos);
    REQUIRE(page.find("\xe2\x80\xae") == std::string::npos);
    REQUIRE(page.find("&lt;script&gt;alert('x')&lt;/script&gt;&quot;&amp;") != std::string::npos);
  }
}

}  // namespace blindbook::cli
