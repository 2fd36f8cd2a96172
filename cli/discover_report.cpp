#include "cli/discover_report.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "blindbook/base/printable.h"
#include "blindbook/contact/reject_reason.h"

#include "cli/common/json_text.h"
#include "cli/common/table.h"
#include "cli/common/text.h"
#include "cli/model_facts.h"

namespace blindbook::cli {
namespace {

using Json = nlohmann::ordered_json;

/// One line of the result: a number under two names is two of them.
struct MatchRow {
  std::string name;
  std::string number;
  std::optional<std::string> label;
};

std::vector<MatchRow> rows_of(const AddressBooks& books, const service::DiscoveryOutcome& outcome) {
  std::unordered_map<Identifier, const contact::IdentifiedContact*, IdentifierHash> by_identifier;
  for (const contact::IdentifiedContact& contact : books.list.contacts) {
    by_identifier.emplace(contact.identifier, &contact);
  }
  std::vector<MatchRow> rows;
  for (const protocol::ContactMatch& match : outcome.matches) {
    for (const std::uint32_t name : by_identifier.at(match.identifier)->names) {
      rows.push_back({books.list.names[name], std::string(match.identifier.e164()), match.label});
    }
  }
  return rows;
}

enum class Remark { kRejected, kDoubtful };

/// Calls `use` with the source and each of its remarks of that kind.
template <class Use>
void for_each_remark(const AddressBooks& books, Remark wanted, Use use) {
  for (const contact::BookRejects& book : books.list.rejects) {
    for (const contact::Reject& reject : book.rejects) {
      if (contact::is_warning(reject.reason) == (wanted == Remark::kDoubtful)) {
        use(book.source, reject);
      }
    }
  }
}

std::string remarks_text(const AddressBooks& books, Remark wanted, std::string_view title) {
  Table table;
  for_each_remark(books, wanted, [&](const std::string& source, const contact::Reject& reject) {
    table.add({source + ":" + std::to_string(reject.line), reject.value,
               std::string(contact::name(reject.reason)), std::string(contact::describe(reject.reason))});
  });
  const std::string text = table.text("  ");
  return text.empty() ? "" : "\n" + std::string(title) + "\n" + text;
}

Json remarks_json(const AddressBooks& books, Remark wanted) {
  Json out = Json::array();
  for_each_remark(books, wanted, [&](const std::string& source, const contact::Reject& reject) {
    out.push_back({{"source", source},
                   {"line", reject.line},
                   {"value", reject.value},
                   {"reason", contact::name(reject.reason)}});
  });
  return out;
}

/// What to do about numbers that only need to be told their country.
std::string region_text(const AddressBooks& books) {
  bool any = false;
  for_each_remark(books, Remark::kRejected,
                  [&](const std::string& /*source*/, const contact::Reject& reject) {
                    any = any || reject.reason == contact::RejectReason::kNoRegion;
                  });
  return any ? "  --region says which country numbers without + or 00 are of, such as --region DE\n" : "";
}

std::string all_remarks_text(const AddressBooks& books) {
  return remarks_text(books, Remark::kRejected, "not looked up") + region_text(books) +
         remarks_text(books, Remark::kDoubtful, "looked up, but perhaps another number was meant");
}

std::string naive_text(const NaiveUpload& naive) {
  return "  a naive upload would have sent: " + counted(naive.numbers, "number") + " in clear, " +
         counted(naive.names, "name") + "\n";
}

std::string batches_text(std::uint64_t batches, std::uint64_t size) {
  return (batches == 1 ? "1 batch" : grouped(batches) + " batches") + " of " + grouped(size) +
         " blinded numbers, which does not tell how many of them are real";
}

std::string sent_batches_text(const std::vector<service::DisclosedBatch>& sent) {
  const auto kind = [](const service::DisclosedBatch& batch) {
    return std::tuple(batch.size, batch.resumed, batch.answered);
  };
  std::string out;
  for (auto from = sent.begin(); from != sent.end();) {
    const auto to =
        std::find_if(from, sent.end(), [&](const auto& batch) { return kind(batch) != kind(*from); });
    out += "  " + batches_text(static_cast<std::uint64_t>(to - from), from->size) +
           (from->resumed ? ", sent again for an earlier run" : "") +
           (from->answered ? "" : ", not answered") + "\n";
    from = to;
  }
  return out;
}

std::string disclosure_text(const service::Disclosure& disclosed) {
  std::string out = "\nwhat left this device\n" + sent_batches_text(disclosed.batches);
  if (disclosed.labels_asked > 0) {
    out += "  " + counted(disclosed.labels_asked, "label") +
           " of matches asked for: the service can tell whose\n";
  }
  Table table({"REQUEST", "AS", "SENT", "RECEIVED"});
  for (const service::DisclosedRequest& request : disclosed.requests) {
    table.add({request.method + " " + request.path, request.with_account ? disclosed.token.account : "nobody",
               size_text(request.bytes_sent()), size_text(request.bytes_received())});
  }
  return out + table.text("  ");
}

std::string csv_field(std::string_view text) {
  std::string out = printable(text);
  if (out.find_first_of(",\"") == std::string::npos) {
    return out;
  }
  for (std::size_t at = 0; (at = out.find('"', at)) != std::string::npos; at += 2) {
    out.insert(at, 1, '"');
  }
  return "\"" + out + "\"";
}

Json disclosure_json(const service::Disclosure& disclosed) {
  Json requests = Json::array();
  for (const service::DisclosedRequest& request : disclosed.requests) {
    requests.push_back({{"method", request.method},
                        {"path", request.path},
                        {"with_account", request.with_account},
                        {"bytes_sent", request.bytes_sent()},
                        {"bytes_received", request.bytes_received()}});
  }
  // All batches of one run have one size; those of an earlier run, sent again, may have another.
  std::uint32_t batch = 0;
  std::size_t batches = 0;
  std::size_t unanswered = 0;
  Json resumed = Json::array();
  for (const service::DisclosedBatch& sent : disclosed.batches) {
    unanswered += sent.answered ? 0 : 1;
    if (sent.resumed) {
      resumed.push_back(sent.size);
    } else {
      batch = sent.size;
      ++batches;
    }
  }
  return {{"issuer", disclosed.token.issuer},
          {"account", disclosed.token.account},
          {"batch", batch},
          {"batches", batches},
          {"resumed", std::move(resumed)},
          {"unanswered", unanswered},
          {"evaluations_charged", disclosed.evaluations_charged},
          {"labels_asked", disclosed.labels_asked},
          {"labels_charged", disclosed.labels_answered},
          {"bytes_sent", disclosed.bytes_sent()},
          {"bytes_received", disclosed.bytes_received()},
          {"requests", std::move(requests)}};
}

}  // namespace

std::string discover_text(const AddressBooks& books, const service::DiscoveryOutcome& outcome) {
  Table table({"NAME", "NUMBER", "LABEL"});
  for (MatchRow& row : rows_of(books, outcome)) {
    table.add({std::move(row.name), std::move(row.number), row.label.value_or("")});
  }
  std::string out = grouped(outcome.matches.size()) + " of " + counted(books.identifiers.size(), "number") +
                    " subscribe\n" + table.text("  ") + all_remarks_text(books) +
                    disclosure_text(outcome.disclosed) + naive_text(books.naive);
  out += "\nedition " + grouped(outcome.edition.value()) + " of epoch " + outcome.epoch.hex() + "\n";
  out += "head " + outcome.head.hex() + "\n";
  if (outcome.allowance_left) {
    out += "allowance left: " + counted(*outcome.allowance_left, "number") + "\n";
  }
  return out;
}

std::string discover_json(const AddressBooks& books, const service::DiscoveryOutcome& outcome) {
  Json matches = Json::array();
  for (const MatchRow& row : rows_of(books, outcome)) {
    matches.push_back({{"name", row.name},
                       {"number", row.number},
                       {"label", row.label ? Json(*row.label) : Json(nullptr)}});
  }
  return json_text(
      {{"schema", "blindbook.discover/1"},
       {"epoch", outcome.epoch.hex()},
       {"edition", outcome.edition.value()},
       {"chain", protocol::name(outcome.chain)},
       {"head", outcome.head.hex()},
       {"contacts", books.list.cards},
       {"identifiers", books.identifiers.size()},
       {"evaluated", outcome.evaluated},
       {"not_looked_up", outcome.not_looked_up},
       {"partial", outcome.stopped.has_value()},
       {"rejected", remarks_json(books, Remark::kRejected)},
       {"doubtful", remarks_json(books, Remark::kDoubtful)},
       {"matches", std::move(matches)},
       {"unopened_labels", outcome.unopened_labels},
       {"resolved_labels",
        {{"opened", outcome.labels.opened},
         {"without_label", outcome.labels.without_label},
         {"no_matches", outcome.labels.no_matches},
         {"stopped", outcome.labels.stopped.has_value()}}},
       {"disclosed", disclosure_json(outcome.disclosed)},
       {"allowance_left", outcome.allowance_left ? Json(*outcome.allowance_left) : Json(nullptr)}});
}

std::string discover_csv(const AddressBooks& books, const service::DiscoveryOutcome& outcome) {
  std::string out = "name,number,label\r\n";
  for (const MatchRow& row : rows_of(books, outcome)) {
    out += csv_field(row.name) + "," + row.number + "," + csv_field(row.label.value_or("")) + "\r\n";
  }
  return out;
}

std::string dry_run_text(const AddressBooks& books, const protocol::RunPlan& plan) {
  std::string out = counted(books.identifiers.size(), "number") + " on " + counted(books.list.cards, "card") +
                    " can be looked up\n" + all_remarks_text(books);
  out += "\nwhat a first run would send\n  " + batches_text(plan.batches.size(), plan.batches.front()) + "\n";
  out += first_run_text(plan);
  if (plan.left_over > 0) {
    out += "  " + counted(plan.left_over, "number") + " would have to wait for a later run\n";
  }
  return out + naive_text(books.naive) + "\n" + default_sweep_text();
}

std::string dry_run_json(const AddressBooks& books, const protocol::RunPlan& plan) {
  Json out{{"schema", "blindbook.discover-dry-run/1"},
           {"contacts", books.list.cards},
           {"identifiers", books.identifiers.size()},
           {"not_looked_up", plan.left_over},
           {"rejected", remarks_json(books, Remark::kRejected)},
           {"doubtful", remarks_json(books, Remark::kDoubtful)},
           {"would_send", {{"batch", plan.batches.front()}, {"batches", plan.batches.size()}}},
           {"would_cost", first_run_json(plan)}};
  add_default_sweep(out);
  return json_text(out);
}

}  // namespace blindbook::cli
