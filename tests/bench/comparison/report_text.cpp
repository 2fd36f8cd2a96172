#include <array>
#include <cstdio>
#include <map>

#include "cli/common/table.h"
#include "cli/common/text.h"
#include "tests/bench/comparison/published_figures.h"
#include "tests/bench/comparison/report.h"
#include "tests/bench/report/figures_text.h"

namespace blindbook::bench {
namespace {

using cli::grouped;
using cli::size_text;

/// How far the rounds lie apart: half of the span, in per cent of the median.
/// Of one round there is none.
std::string spread_text(const Figure& figure, std::size_t rounds) {
  if (rounds < 2) {
    return "-";
  }
  std::array<char, 40> text{};
  const double share = figure.median > 0 ? (figure.most - figure.least) / figure.median * 50 : 0;
  std::snprintf(text.data(), text.size(), "+-%.0f %%", share);
  return text.data();
}

std::string bytes_or_none(std::uint64_t bytes) {
  return bytes == 0 ? "-" : size_text(bytes);
}

std::string mistakes_text(const Summary& row) {
  return row.missed == 0 && row.false_matches == 0
             ? "none"
             : grouped(row.missed) + " missed, " + grouped(row.false_matches) + " false";
}

/// In how many pieces it was measured, when not in one.
std::string resumed_text(const nlohmann::ordered_json& resumed) {
  return resumed.empty() ? "" : "; interrupted, and gone on with " + cli::counted(resumed.size(), "time");
}

std::string heading(const Comparison& comparison) {
  const auto& environment = comparison.environment;
  const auto said = [&](const char* name) {
    const auto& value = environment.at(name);
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  return "Private contact discovery, protocols side by side\n\n  machine   " + said("machine") + ", " +
         said("cores") + " cores, " + size_text(environment.at("memory_bytes").get<std::uint64_t>()) +
         "\n  system    " + said("system") + "; " + said("compiler") + "; OpenSSL " + said("openssl") +
         "\n  commit    " + said("commit") + "\n  measured  " + said("started") + " to " + said("finished") +
         ", load before " + said("load_before") + resumed_text(environment.at("resumed")) + "\n  method    " +
         said("parties") + "; medians of " + cli::counted(comparison.plan.grid.rounds, "round") +
         " in random order; CPU of all threads; bytes as they passed the socket\n";
}

/// One table for each pair of sizes.
std::string tables(const std::vector<Summary>& rows) {
  std::string out;
  for (auto row = rows.begin(); row != rows.end();) {
    std::vector<std::string> columns{"protocol", "hides contacts", "online CPU", "spread",     "service",
                                     "client",   "online bytes",   "download",   "round trips"};
    for (const auto& network : row->network_seconds) {
      columns.push_back("on " + network.first);
    }
    columns.insert(columns.end(), {"setup CPU", "service memory", "client memory", "wrong"});
    cli::Table table(columns);
    const std::size_t subscribers = row->subscribers;
    const std::size_t contacts = row->contacts;
    for (; row != rows.end() && row->subscribers == subscribers && row->contacts == contacts; ++row) {
      std::vector<std::string> cells{row->protocol,
                                     find_protocol(row->protocol)->hides_contacts ? "yes" : "NO",
                                     seconds_text(row->online_cpu_seconds.median),
                                     spread_text(row->online_cpu_seconds, row->rounds),
                                     seconds_text(row->service_cpu_seconds.median),
                                     seconds_text(row->client_cpu_seconds.median),
                                     size_text(row->online_bytes),
                                     bytes_or_none(row->download_bytes),
                                     grouped(row->round_trips)};
      for (const auto& network : row->network_seconds) {
        cells.push_back(seconds_text(network.second));
      }
      cells.insert(cells.end(),
                   {seconds_text(row->setup_cpu_seconds.median), size_text(row->service_peak_bytes),
                    size_text(row->client_peak_bytes), mistakes_text(*row)});
      table.add(std::move(cells));
    }
    out += "\n" + cli::counted(subscribers, "subscriber") + ", " + cli::counted(contacts, "contact") +
           "\n\n" + table.text("  ");
  }
  return out;
}

/// What was left out, the sizes of one protocol and reason in one line.
std::string left_out_text(const std::vector<LeftOut>& left_out) {
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> places;
  for (const LeftOut& cell : left_out) {
    places[{cell.protocol, cell.why}].push_back(grouped(cell.subscribers) + " x " + grouped(cell.contacts));
  }
  std::string out;
  for (const auto& [what, where] : places) {
    out += "  " + what.first + ": " + what.second + " (";
    for (const std::string& place : where) {
      out += (&place == &where.front() ? "" : ", ") + place;
    }
    out += ")\n";
  }
  return out.empty() ? "" : "\nLeft out, as subscribers x contacts\n\n" + out;
}

/// Figures of others, each with its sizes, what it took, on what, and where that stands.
std::string published_text() {
  std::string out =
      "\nWhat others have published: theirs, on their machines, as they measured; not to be divided by the "
      "figures "
      "above\n\n";
  const auto published = published_figures();
  for (const auto& one : published) {
    std::string line;
    const auto say = [&](const char* key, const std::string& before, auto&& text) {
      const auto found = one.find(key);
      if (found != one.end() && !found->is_null()) {
        line += (line.empty() ? "" : ", ") + before + text(*found);
      }
    };
    const auto seconds = [](const auto& value) { return seconds_text(value.template get<double>()); };
    const auto bytes = [](const auto& value) { return size_text(value.template get<std::uint64_t>()); };
    const auto count = [](const char* what) {
      return [what](const auto& value) { return cli::counted(value.template get<std::uint64_t>(), what); };
    };
    say("subscribers", "", count("subscriber"));
    say("contacts", "", count("contact"));
    say("setup_seconds", "setup ", seconds);
    say("online_seconds", "online ", seconds);
    say("online_bytes", "online ", bytes);
    say("numbers", "", count("number"));
    say("numbers_per_hour", "",
        [](const auto& value) { return grouped(value.template get<std::uint64_t>()) + " an hour"; });
    const auto& machine = one.at("machine");
    out += "  " + one.at("title").get<std::string>() + "\n    " + line +
           "\n    machine: " + (machine.is_string() ? machine.get<std::string>() : "not said") + "\n    " +
           one.at("citation").get<std::string>() + "; " + one.at("where").get<std::string>() + "\n    " +
           one.at("remark").get<std::string>() + "\n";
  }
  return out;
}

}  // namespace

std::string protocols_text(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    const Protocol& protocol = *find_protocol(name);
    const auto line = [&out](std::string_view what, std::string_view text) {
      out.append("    ").append(what).append(text).append("\n");
    };
    out.append("  ").append(name).append(": ").append(protocol.title).append("\n");
    line("the service learns   ", protocol.service_learns);
    line("the client learns    ", protocol.client_learns);
    line("contacts are hidden  ", protocol.hides_contacts ? "yes" : "no");
    line("subscribers too      ", protocol.hides_subscribers ? "yes" : "no");
    line("after                ", protocol.source);
    line("note                 ", protocol.note);
    if (protocol.cap) {
      line("capped at            ", grouped(protocol.cap->subscribers) + " subscribers and " +
                                        grouped(protocol.cap->contacts) +
                                        " contacts: " + std::string(protocol.cap->why));
    }
  }
  return out;
}

std::string comparison_text(const Comparison& comparison) {
  return heading(comparison) + tables(summarise(comparison.plan.grid, comparison.setups, comparison.runs)) +
         left_out_text(comparison.plan.left_out) + "\nWho learns what\n\n" +
         protocols_text(comparison.plan.grid.protocols) + published_text();
}

}  // namespace blindbook::bench
