#include <algorithm>
#include <cstdint>
#include <string>

#include "cli/common/html.h"
#include "cli/common/text.h"
#include "tests/bench/json_figures.h"
#include "tests/bench/report/figures_text.h"
#include "tests/bench/report/tables.h"

namespace blindbook::bench {
namespace {

using cli::grouped;
using cli::html::cell;
using cli::html::element;
using cli::html::escaped;
using cli::html::heading;
using cli::html::number;
using cli::html::row;
using cli::html::row_heading;
using cli::html::table;
using Json = nlohmann::ordered_json;

std::string recovered_text(const Json& attack) {
  return grouped(whole_figure(attack, "recovered")) + " of " + grouped(whole_figure(attack, "contacts"));
}

/// How long all numbers of `country` take, for each basis on which they are counted.
std::string minutes_text(const Json& attack, const std::string& country) {
  std::string out;
  for (const Json& one : attack.at("countries")) {
    if (one.value("country", "") == country) {
      out += (out.empty() ? "" : "; ") + escaped(one.value("basis", "")) + " " +
             seconds_text(60 * real_figure(one, "minutes"));
    }
  }
  return out;
}

}  // namespace

std::string attack_table(const Json& results) {
  const auto attack = results.find("attack");
  if (attack == results.end() || !attack->is_object()) {
    return "";
  }
  std::string body;
  for (const Json& one : attack->at("hashes")) {
    body += row({row_heading(escaped(one.value("protocol", ""))), number(recovered_text(one)),
                 number(grouped(static_cast<std::uint64_t>(real_figure(one, "numbers_per_second")))),
                 cell(minutes_text(one, "DE")), cell(minutes_text(one, "NL"))});
  }
  const Json& ours = attack->at("blindbook");
  body += element("tr class=\"ours\"", row_heading(escaped(ours.value("protocol", ""))) +
                                           number(recovered_text(ours)) + number("") + cell("never") +
                                           cell("never")) +
          "\n";
  const Json toy = ours.value("toy_group", Json::object());
  return element("h2", "The attack") + "\n" +
         element("p",
                 "Whoever holds a transcript tries every number there is. Hashes give the contacts back, "
                 "whether peppered or "
                 "not; blinded elements do not.") +
         "\n" +
         table("What an attack recovers",
               row({heading("transcript"), heading("contacts recovered", "number"),
                    heading("numbers a second and core", "number"), heading("all of Germany, one core"),
                    heading("all of the Netherlands, one core")}),
               body) +
         element("p",
                 "In a group of " + grouped(toy.value("group_order", std::uint64_t{0})) +
                     " elements, where everything can be "
                     "counted, each two of " +
                     grouped(toy.value("books", std::uint64_t{0})) + " address books show the service " +
                     (toy.value("identical", false) ? "the same views, each as often" : "views that differ") +
                     ": " + grouped(toy.value("views", std::uint64_t{0})) +
                     " of them. For every mask that explains what was sent by one book there is exactly one "
                     "that explains it "
                     "by another. On the wire, " +
                     (ours.value("lengths_depend_on_batch_only", false)
                          ? "lengths depend on the size of the batch alone."
                          : "lengths depend on more than the size of the batch.")) +
         "\n";
}

}  // namespace blindbook::bench
