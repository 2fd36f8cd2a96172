#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "cli/common/html.h"
#include "cli/disclosure_report.h"
#include "cli/disclosure_style.h"
#include "cli/disclosure_words.h"
#include "cli/version.h"

// The page of a disclosure report. Texts come from DisclosureTexts and are trusted; whatever else is shown
// passes through html::escaped(), since the service, the issuer of the token and the invitation chose it.
namespace blindbook::cli {
namespace {

using html::cell;
using html::code;
using html::element;
using html::escaped;
using html::fill;
using html::foreign;
using html::heading;
using html::number;
using html::row;
using html::row_heading;
using html::table;

class Page {
 public:
  Page(const DisclosureReport& report, const DisclosureTexts& texts)
      : report_(report), disclosed_(report.disclosed), texts_(texts), words_(texts) {}

  std::string text() const {
    std::string main = element("h1", texts_.title) + "\n" + summary() + cards() + requests() + parts() +
                       token() + readers() + explanation(texts_.blinding_title, texts_.blinding) +
                       element("h2", texts_.limits_title) + "\n" +
                       items({texts_.limits.begin(), texts_.limits.end()}) + officers() + about();
    return "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"" +
           std::string(texts_.language) +
           "\">\n<head>\n<meta charset=\"utf-8\"/>\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
           "'unsafe-inline'\"/>\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
           "<meta name=\"color-scheme\" content=\"light dark\"/>\n" +
           element("title", std::string(texts_.title) + " – blindbook") + "\n" +
           element("style", kDisclosureStyle) + "\n</head>\n<body>\n" + element("main", "\n" + main) +
           "\n</body>\n</html>\n";
  }

 private:
  std::string whom() const {
    const std::string host = code(disclosed_.service.authority());
    return disclosed_.operator_name.empty() ? host : foreign(disclosed_.operator_name) + " (" + host + ")";
  }

  std::string end_text() const {
    switch (report_.end) {
      case RunEnd::kComplete:
        return std::string(texts_.end_complete);
      case RunEnd::kPartial:
        return std::string(texts_.end_partial);
      case RunEnd::kUnfinished:
        return std::string(texts_.end_unfinished);
      case RunEnd::kFailed:
        break;
    }
    return report_.reason ? fill(texts_.end_failed, {{"reason", words_.fault_text(report_.reason->fault)},
                                                     {"rule", escaped(report_.reason->rule)}})
                          : "";
  }

  std::string summary() const {
    std::string out;
    if (disclosed_.bytes_sent() == 0) {
      out += element("p class=\"lead\"",
                     fill(texts_.lead_nothing, {{"when", words_.moment(report_.began)}, {"whom", whom()}}));
    } else {
      const auto sent = std::ranges::count_if(disclosed_.requests,
                                              [](const auto& request) { return request.bytes_sent() > 0; });
      out += element("p class=\"lead\"",
                     fill(texts_.lead,
                          {{"when", words_.moment(report_.began)},
                           {"whom", whom()},
                           {"bytes", words_.counted(texts_.bytes, disclosed_.bytes_sent())},
                           {"requests", words_.counted(texts_.requests, static_cast<std::uint64_t>(sent))}}));
    }
    out += "\n" + element("p", end_text()) + "\n";
    if (!disclosed_.service.tls && disclosed_.bytes_sent() > 0) {
      out += element("p class=\"alert\"", texts_.plain_warning) + "\n";
    }
    if (asked_labels()) {
      out +=
          element("p class=\"alert\"", words_.counted(texts_.labels_warning, disclosed_.labels_asked)) + "\n";
    }
    return out;
  }

  bool asked_labels() const {
    return std::ranges::any_of(
        disclosed_.requests, [](const auto& request) { return request.asks_label && request.body_sent > 0; });
  }

  static std::string items(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) {
      out += element("li", text) + "\n";
    }
    return element("ul", "\n" + out) + "\n";
  }

  /// What was sent, in a few words.
  std::vector<std::string> sent_items() const {
    std::uint64_t of_public = 0;
    bool token = false;
    std::map<std::pair<bool, std::uint32_t>, std::uint64_t> batches;
    for (const service::DisclosedRequest& request : disclosed_.requests) {
      if (request.bytes_sent() > 0) {
        of_public += request.with_account ? 0 : 1;
        token = token || request.with_account;
      }
    }
    if (token) {
      for (const service::DisclosedBatch& batch : disclosed_.batches) {
        ++batches[{batch.resumed, batch.size}];
      }
    }
    std::vector<std::string> out;
    if (of_public > 0) {
      out.push_back(words_.counted(texts_.sent_public, of_public));
    }
    if (token) {
      out.push_back(fill(texts_.sent_token, {{"account", foreign(disclosed_.token.account)}}));
    }
    for (const auto& [batch, count] : batches) {
      out.push_back(
          words_.counted(batch.first ? texts_.sent_again : texts_.sent_batches, count, batch.second));
    }
    if (asked_labels()) {
      out.push_back(words_.counted(texts_.sent_labels, disclosed_.labels_asked));
    }
    return out;
  }

  std::string cards() const {
    const std::vector<std::string> sent = sent_items();
    std::vector<std::string> not_sent(texts_.not_sent.begin(), texts_.not_sent.end());
    if (asked_labels()) {
      not_sent.back() = texts_.not_sent_labels;
    }
    const std::vector<std::string> naive{words_.counted(texts_.naive_numbers, report_.naive.numbers),
                                         words_.counted(texts_.naive_names, report_.naive.names)};
    return element(
               "div class=\"cards\"",
               "\n" +
                   element("section", element("h2", texts_.sent_title) + "\n" +
                                          (sent.empty() ? element("p", texts_.sent_nothing) : items(sent))) +
                   "\n" +
                   element("section class=\"kept\"",
                           element("h2", texts_.not_sent_title) + "\n" + items(not_sent)) +
                   "\n" +
                   element("section", element("h2", texts_.naive_title) + "\n" + items(naive) +
                                          element("p", texts_.naive_use)) +
                   "\n") +
           "\n";
  }

  std::string head_and_body(std::uint64_t head, std::uint64_t body) const {
    return fill(texts_.head_and_body, {{"head", words_.grouped(head)}, {"body", words_.grouped(body)}});
  }

  std::string outcome(const service::DisclosedRequest& request) const {
    if (request.failure.empty()) {
      const bool answered = request.status >= 200 && request.status < 300;
      return fill(answered ? texts_.outcome_answered : texts_.outcome_refused,
                  {{"status", std::to_string(request.status)}});
    }
    return std::string(failure_text(request.failure)) + " (" + code(request.failure) + ")";
  }

  std::string_view failure_text(std::string_view rule) const {
    if (rule == "http.resolve") {
      return texts_.outcome_no_name;
    }
    if (rule == "http.connect") {
      return texts_.outcome_no_connection;
    }
    if (rule == "http.tls") {
      return texts_.outcome_no_tls;
    }
    if (rule == "http.timeout") {
      return texts_.outcome_timeout;
    }
    if (rule == "http.truncated") {
      return texts_.outcome_cut;
    }
    return texts_.outcome_unusable;
  }

  std::string requests() const {
    std::string body;
    std::size_t index = 0;
    for (const service::DisclosedRequest& request : disclosed_.requests) {
      body +=
          row({row_heading(std::to_string(++index)), element("td class=\"time\"", words_.clock(request.at)),
               cell(request.connection == 0 ? std::string(texts_.none) : std::to_string(request.connection)),
               cell(code(request.method + " " + request.path)),
               cell(request.with_account ? foreign(disclosed_.token.account) : std::string(texts_.nobody)),
               number(head_and_body(request.head_sent, request.body_sent)),
               number(head_and_body(request.head_received, request.body_received)), cell(outcome(request))});
    }
    body +=
        element("tr class=\"total\"", element("th scope=\"row\" colspan=\"5\"", texts_.row_sum) +
                                          number(words_.grouped(disclosed_.bytes_sent())) +
                                          number(words_.grouped(disclosed_.bytes_received())) + cell("")) +
        "\n";
    const std::string head =
        element("tr", heading(texts_.column_number) + heading(texts_.column_time) +
                          heading(texts_.column_connection) + heading(texts_.column_request, "request") +
                          heading(texts_.column_as) + heading(texts_.column_sent, "number") +
                          heading(texts_.column_received, "number") + heading(texts_.column_outcome));
    std::string out = element("h2", texts_.requests_title) + "\n" + element("p", texts_.requests_intro) +
                      "\n" + table(texts_.requests_title, head, body);
    if (disclosed_.evaluations_charged > 0) {
      out +=
          element("p", fill(texts_.charged, {{"n", words_.grouped(disclosed_.evaluations_charged)}})) + "\n";
    }
    if (disclosed_.labels_answered > 0) {
      out += element("p", fill(texts_.labels_charged, {{"n", words_.grouped(disclosed_.labels_answered)}})) +
             "\n";
    }
    if (std::ranges::any_of(disclosed_.batches, [](const auto& batch) { return !batch.answered; })) {
      out += element("p", texts_.maybe_charged) + "\n";
    }
    return out;
  }

  std::string_view field_meaning(std::string_view field) const {
    if (field.starts_with("Host:")) {
      return texts_.part_host;
    }
    if (field.starts_with("Content-Length:")) {
      return texts_.part_length;
    }
    if (field.starts_with("Authorization:")) {
      return texts_.part_authorization;
    }
    return texts_.part_same_for_all;
  }

  std::string part_row(const SentPart& part) const {
    std::string what;
    std::string_view meaning;
    switch (part.kind) {
      case SentKind::kRequestLine:
        what = code(part.text);
        meaning = texts_.part_request_line;
        break;
      case SentKind::kHeaderField:
        what = code(part.text);
        meaning = field_meaning(part.text);
        break;
      case SentKind::kToken:
        what = texts_.part_token;
        meaning = texts_.part_token_meaning;
        break;
      case SentKind::kEndOfHead:
        what = texts_.part_end;
        meaning = texts_.part_end_meaning;
        break;
      case SentKind::kBodyHeader:
        what = texts_.part_body_header;
        meaning = texts_.part_body_header_meaning;
        break;
      case SentKind::kHandle:
        what = texts_.part_handle;
        meaning = texts_.part_handle_meaning;
        break;
      case SentKind::kElements:
        what = words_.counted(texts_.part_elements, part.count, part.bytes_each);
        meaning = texts_.part_elements_meaning;
        break;
    }
    return row({row_heading(what), number(words_.grouped(part.bytes)), cell(meaning)});
  }

  std::string parts() const {
    std::string out = element("h2", texts_.parts_title) + "\n" + element("p", texts_.parts_intro) + "\n";
    std::size_t index = 0;
    for (const service::DisclosedRequest& request : disclosed_.requests) {
      ++index;
      if (request.bytes_sent() == 0) {
        continue;
      }
      std::string body;
      for (const SentPart& part : sent_parts(request)) {
        body += part_row(part);
      }
      body += element("tr class=\"total\"",
                      row_heading(texts_.row_sum) + number(words_.grouped(request.bytes_sent())) + cell("")) +
              "\n";
      const std::string title = std::to_string(index) + ". " + request.method + " " + request.path;
      out += element("h3", std::to_string(index) + ". " + code(request.method + " " + request.path)) + "\n" +
             table(escaped(title),
                   element("tr", heading(texts_.column_part, "part") +
                                     heading(texts_.column_bytes, "number bytes") +
                                     heading(texts_.column_meaning)),
                   body);
      if (request.bytes_sent() < bytes_wanted(request)) {
        out += element("p", texts_.part_cut) + "\n";
      }
    }
    return disclosed_.bytes_sent() == 0 ? "" : out;
  }

  std::string token() const {
    const protocol::BearerClaims& claims = disclosed_.token;
    std::string body;
    const auto add = [&body](std::string_view name, const std::string& value) {
      if (!value.empty()) {
        body += row({row_heading(name), cell(value)});
      }
    };
    const auto words = [](const std::string& text) { return text.empty() ? "" : foreign(text); };
    add(texts_.token_account, words(claims.account));
    add(texts_.token_issuer, words(claims.issuer));
    add(texts_.token_audience, claims.audience.empty() ? "" : code(claims.audience));
    add(texts_.token_scope, words(claims.scope));
    add(texts_.token_id, claims.id.empty() ? "" : code(claims.id));
    add(texts_.token_issued, claims.issued_at ? words_.moment(*claims.issued_at) : "");
    add(texts_.token_expires, claims.expires_at ? words_.moment(*claims.expires_at) : "");
    return element("h2", texts_.token_title) + "\n" + element("p", texts_.token_intro) + "\n" +
           element("div class=\"wide\"", element("table", element("tbody", "\n" + body))) + "\n";
  }

  static std::string party_row(const PartyText& text) {
    return row({row_heading(text.party), cell(text.reads), cell(text.reads_not)});
  }

  std::string readers() const {
    const std::string head = element(
        "tr", heading(texts_.column_party) + heading(texts_.column_reads) + heading(texts_.column_reads_not));
    PartyText service = texts_.service;
    if (asked_labels()) {
      service = texts_.service_labels;
    }
    const std::string body = party_row(service) + party_row(texts_.cheat) +
                             party_row(disclosed_.service.tls ? texts_.network_tls : texts_.network_plain) +
                             party_row(texts_.quantum) + party_row(texts_.reader);
    return element("h2", texts_.readers_title) + "\n" + table(texts_.readers_title, head, body);
  }

  template <std::size_t N>
  static std::string explanation(std::string_view title, const std::array<std::string_view, N>& texts) {
    std::string out = element("h2", title) + "\n";
    for (const std::string_view text : texts) {
      out += element("p", text) + "\n";
    }
    return out;
  }

  std::string officers() const {
    const bool token_sent = std::ranges::any_of(disclosed_.requests, [](const auto& request) {
      return request.with_account && request.bytes_sent() > 0;
    });
    auto texts = texts_.officers;
    if (!token_sent) {
      texts.front() = texts_.officers_nothing;
    }
    if (asked_labels()) {
      texts[1] = texts_.officers_labels;
    }
    return explanation(texts_.officers_title, texts);
  }

  std::string about() const {
    return element("footer",
                   element("h2", texts_.about_title) + "\n" +
                       element("p", fill(texts_.about, {{"account", foreign(disclosed_.token.account)}})) +
                       "\n" +
                       element("p", fill(texts_.written, {{"when", words_.moment(report_.written)},
                                                          {"program", escaped(program_version())}})));
  }

  static std::uint64_t bytes_wanted(const service::DisclosedRequest& request) {
    std::uint64_t out = request.body_bytes;
    for (const service::http::HeadLine& line : request.head) {
      out += line.bytes;
    }
    return out;
  }

  const DisclosureReport& report_;
  const service::Disclosure& disclosed_;
  const DisclosureTexts& texts_;
  const DisclosureWords words_;
};

}  // namespace

std::string report_html(const DisclosureReport& report, const DisclosureTexts& texts) {
  return Page(report, texts).text();
}

}  // namespace blindbook::cli
