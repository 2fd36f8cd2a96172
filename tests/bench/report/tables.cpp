#include "tests/bench/report/tables.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/common/html.h"
#include "cli/common/text.h"
#include "tests/bench/json_figures.h"
#include "tests/bench/report/figures_text.h"

namespace blindbook::bench {
namespace {

using cli::grouped;
using cli::size_text;
using cli::html::cell;
using cli::html::element;
using cli::html::escaped;
using cli::html::heading;
using cli::html::number;
using cli::html::row;
using cli::html::row_heading;
using cli::html::table;
using Json = nlohmann::ordered_json;

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) {
    return "";
  }
  return escaped(found->is_string() ? found->get<std::string>() : found->dump());
}

/// None where it is not there. Throws as whole_figure().
std::uint64_t count_of(const Json& object, const char* key) {
  return object.contains(key) ? whole_figure(object, key) : 0;
}

/// The protocol of that name, or an empty object.
Json protocol_of(const Json& results, const std::string& name) {
  for (const Json& protocol : results.at("protocols")) {
    if (protocol.value("name", "") == name) {
      return protocol;
    }
  }
  return Json::object();
}

std::string title_of(const Json& results, const Json& row_of) {
  const std::string name = row_of.value("protocol", "");
  const std::string title = protocol_of(results, name).value("title", name);
  return escaped(title);
}

std::string yes_or_no(bool good) {
  return element(good ? "td class=\"yes\"" : "td class=\"no\"", good ? "yes" : "no");
}

bool is_ours(const std::string& name) {
  return name.starts_with("blindbook");
}

/// A row of the body, set apart when it is ours.
std::string body_row(bool ours, const std::string& cells) {
  return element(ours ? "tr class=\"ours\"" : "tr", cells) + "\n";
}

/// The figure of a summary, or nothing where it has none.
std::string median_text(const Json& summary, const char* key) {
  const auto found = summary.find(key);
  if (found == summary.end() || !found->is_object()) {
    return "";
  }
  return seconds_text(real_figure(*found, "median"));
}

double median_of(const Json& summary, const char* key) {
  return real_figure(summary.at(key), "median");
}

/// The largest of what the summaries have of `key`.
std::uint64_t largest(const Json& summaries, const char* key) {
  std::uint64_t out = 0;
  for (const Json& summary : summaries) {
    out = std::max(out, count_of(summary, key));
  }
  return out;
}

/// The summary of the fastest kernel of ours at those sizes, or null.
const Json* ours_at(const Json& summaries, std::uint64_t subscribers, std::uint64_t contacts) {
  const Json* out = nullptr;
  for (const Json& summary : summaries) {
    if (is_ours(summary.at("protocol")) && count_of(summary, "subscribers") == subscribers &&
        count_of(summary, "contacts") == contacts &&
        (out == nullptr ||
         median_of(summary, "online_cpu_seconds") < median_of(*out, "online_cpu_seconds"))) {
      out = &summary;
    }
  }
  return out;
}

/// When, and what the machine was busy with before.
std::string resumed_text(const Json& resumed) {
  std::string out;
  for (const Json& once : resumed) {
    out += (out.empty() ? "" : "; ") + once.at("at").get<std::string>() + ", load before " +
           once.at("load_before").dump();
  }
  return out.empty() ? "never: measured in one go" : out;
}

}  // namespace

std::string knowledge_table(const Json& results) {
  std::string body;
  for (const Json& protocol : results.at("protocols")) {
    const std::string name = protocol.at("name");
    body += body_row(is_ours(name), row_heading(escaped(protocol.value("title", name))) +
                                        yes_or_no(protocol.value("hides_contacts", false)) +
                                        yes_or_no(protocol.value("hides_subscribers", false)) +
                                        cell(text_of(protocol, "service_learns")) +
                                        cell(text_of(protocol, "client_learns")) +
                                        cell(text_of(protocol, "note")) + cell(text_of(protocol, "source")));
  }
  return table(
      "Who learns what",
      row({heading("protocol"), heading("hides contacts"), heading("hides subscribers"),
           heading("the service learns"), heading("the client learns"), heading("note"), heading("follows")}),
      body);
}

std::string cost_table(const Json& results) {
  const Json& summaries = results.at("summary");
  const std::uint64_t contacts = largest(summaries, "contacts");
  std::string body;
  for (const Json& protocol : results.at("protocols")) {
    // Where a protocol was not measured at the largest set, its own largest stands in, and says so.
    const Json* best = nullptr;
    for (const Json& summary : summaries) {
      if (summary.at("protocol") == protocol.at("name") && count_of(summary, "contacts") == contacts &&
          (best == nullptr || count_of(summary, "subscribers") > count_of(*best, "subscribers"))) {
        best = &summary;
      }
    }
    if (best == nullptr) {
      continue;
    }
    const Json* const ours = ours_at(summaries, count_of(*best, "subscribers"), contacts);
    const auto beside_ours = [&](double value, double own) {
      return own > 0 ? ratio_text(value / own) : std::string();
    };
    const double online = median_of(*best, "online_cpu_seconds");
    const auto bytes = count_of(*best, "online_bytes");
    body += body_row(
        is_ours(protocol.at("name")),
        row_heading(title_of(results, *best)) + number(grouped(count_of(*best, "subscribers"))) +
            yes_or_no(protocol.value("hides_contacts", false)) +
            number(median_text(*best, "setup_cpu_seconds")) +
            number(median_text(*best, "service_cpu_seconds")) +
            number(median_text(*best, "client_cpu_seconds")) + number(seconds_text(online)) +
            number(ours == nullptr ? "" : beside_ours(online, median_of(*ours, "online_cpu_seconds"))) +
            number(size_text(bytes)) +
            number(ours == nullptr ? ""
                                   : beside_ours(static_cast<double>(bytes),
                                                 static_cast<double>(count_of(*ours, "online_bytes")))) +
            number(size_text(count_of(*best, "download_bytes"))) +
            number(grouped(count_of(*best, "round_trips"))) +
            number(size_text(count_of(*best, "service_peak_bytes"))) +
            number(size_text(count_of(*best, "client_peak_bytes"))));
  }
  const std::string title = "What a run of " + grouped(contacts) + " contacts costs";
  return element("h2", title) + "\n" +
         table(title,
               row({heading("protocol"), heading("subscribers", "number"), heading("hides contacts"),
                    heading("setup, CPU", "number"), heading("service, CPU", "number"),
                    heading("client, CPU", "number"), heading("both", "number"), heading("to ours", "number"),
                    heading("online bytes", "number"), heading("to ours", "number"),
                    heading("download", "number"), heading("round trips", "number"),
                    heading("service, memory", "number"), heading("client, memory", "number")}),
               body);
}

std::string figures_table(const Json& results) {
  std::string body;
  std::string networks;
  for (const Json& network : results.value("networks", Json::array())) {
    networks += heading(text_of(network, "name"), "number");
  }
  for (const Json& summary : results.at("summary")) {
    const Json& spread = summary.at("online_cpu_seconds");
    std::string cells =
        row_heading(title_of(results, summary)) + number(grouped(count_of(summary, "subscribers"))) +
        number(grouped(count_of(summary, "contacts"))) + number(grouped(count_of(summary, "rounds"))) +
        number(median_text(summary, "online_cpu_seconds")) +
        number(seconds_text(spread.at("least")) + " to " + seconds_text(spread.at("most"))) +
        number(grouped(count_of(summary, "online_bytes"))) +
        number(grouped(count_of(summary, "download_bytes"))) +
        number(grouped(count_of(summary, "messages"))) + number(grouped(count_of(summary, "false_matches")));
    for (const Json& network : results.value("networks", Json::array())) {
      const Json times = summary.value("network_seconds", Json::object());
      const auto found = times.find(network.value("name", ""));
      cells += number(found == times.end() ? "" : seconds_text(*found));
    }
    body += body_row(is_ours(summary.at("protocol")), cells);
  }
  return table(
      "Every figure",
      element("tr", heading("protocol") + heading("subscribers", "number") + heading("contacts", "number") +
                        heading("rounds", "number") + heading("online CPU", "number") +
                        heading("least to most", "number") + heading("online bytes", "number") +
                        heading("download bytes", "number") + heading("messages", "number") +
                        heading("false matches", "number") + networks),
      body);
}

std::string capped_table(const Json& results) {
  // A row for each protocol and reason: the sizes are many.
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Json& capped : results.value("capped", Json::array())) {
    const std::string name = row_heading(title_of(results, capped)) + cell(text_of(capped, "why"));
    const std::string size =
        grouped(count_of(capped, "subscribers")) + " with " + grouped(count_of(capped, "contacts"));
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.first == name; });
    if (found == rows.end()) {
      rows.emplace_back(name, size);
    } else {
      found->second += "; " + size;
    }
  }
  if (rows.empty()) {
    return "";
  }
  std::string body;
  for (const auto& [name, sizes] : rows) {
    body += row({name, cell(sizes)});
  }
  return element("h2", "Not measured") + "\n" +
         table("Not measured",
               row({heading("protocol"), heading("why"), heading("subscribers with contacts")}), body);
}

std::string published_table(const Json& results) {
  std::string protocols;
  std::string attacks;
  for (const Json& one : results.value("published", Json::array())) {
    const auto is_given = [&](const char* key) { return one.contains(key) && !one.at(key).is_null(); };
    const auto count = [&](const char* key) {
      return number(is_given(key) ? grouped(whole_figure(one, key)) : std::string());
    };
    const auto seconds = [&](const char* key) {
      return number(is_given(key) ? seconds_text(real_figure(one, key)) : std::string());
    };
    const auto bytes = [&](const char* key) {
      return number(is_given(key) ? size_text(whole_figure(one, key)) : std::string());
    };
    const std::string where = cell(text_of(one, "machine")) +
                              cell(text_of(one, "citation") + "; " + text_of(one, "where")) +
                              cell(text_of(one, "remark"));
    if (one.value("kind", "") == "attack") {
      attacks +=
          row({row_heading(text_of(one, "title")), count("numbers"), count("numbers_per_hour"), where});
    } else {
      protocols += row({row_heading(text_of(one, "title")), count("subscribers"), count("contacts"),
                        seconds("setup_seconds"), seconds("online_seconds"), bytes("online_bytes"), where});
    }
  }
  if (protocols.empty() && attacks.empty()) {
    return "";
  }
  std::string out =
      element("h2", "What others have published") + "\n" +
      element("p", "Theirs, on their machines, as they measured: not to be divided by the figures above.") +
      "\n";
  if (!protocols.empty()) {
    out += table(
        "Protocols of others",
        row({heading("protocol"), heading("subscribers", "number"), heading("contacts", "number"),
             heading("setup", "number"), heading("online time", "number"), heading("online bytes", "number"),
             heading("machine"), heading("source"), heading("remark")}),
        protocols);
  }
  if (!attacks.empty()) {
    out += table(
        "Enumeration by others",
        row({heading("enumeration of a messenger"), heading("numbers", "number"),
             heading("numbers an hour", "number"), heading("machine"), heading("source"), heading("remark")}),
        attacks);
  }
  return out;
}

std::string environment_table(const Json& results) {
  std::string body;
  for (const auto& [key, value] : results.at("environment").items()) {
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', ' ');
    const std::string text = key == "resumed"    ? resumed_text(value)
                             : value.is_string() ? value.get<std::string>()
                                                 : value.dump();
    body += row({row_heading(escaped(name)), cell(escaped(text))});
  }
  const Json grid = results.value("grid", Json::object());
  for (const auto& [key, value] : grid.items()) {
    body += row({row_heading(escaped("grid, " + key)), cell(escaped(value.dump()))});
  }
  return table("Where it was measured", row({heading("what"), heading("value")}), body);
}

}  // namespace blindbook::bench
