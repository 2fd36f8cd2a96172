#include "tests/bench/report/page.h"

#include <string_view>

#include "cli/common/html.h"
#include "cli/common/text.h"
#include "tests/bench/report/assets.h"
#include "tests/bench/report/tables.h"

namespace blindbook::bench {
namespace {

using cli::html::code;
using cli::html::element;
using cli::html::escaped;
using Json = nlohmann::ordered_json;

constexpr std::string_view kSchema = "blindbook.bench/1";

struct Chart {
  std::string_view id;  // as in charts.js
  std::string_view title;
};

constexpr Chart kCharts[] = {
    {"online-cpu", "Online CPU of both parties"},
    {"setup-cpu", "CPU of the service's setup, once for a set"},
    {"online-bytes", "Bytes online"},
    {"first-bytes", "Bytes of a first run, download included"},
    {"network", "Network time of a first run, by arithmetic"},
    {"client-memory", "Peak memory of the client"},
};

/// JSON that ends no element of HTML and begins none, whatever strings are in it: "<" stands in strings alone.
std::string json_for_html(const Json& results) {
  std::string out;
  for (const char c : results.dump()) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

std::string option(std::string_view value, bool selected) {
  return element("option value=\"" + escaped(value) + "\"" + (selected ? " selected=\"selected\"" : ""),
                 escaped(value));
}

/// Whether anything was measured of `protocol`.
bool is_measured(const Json& results, const std::string& protocol) {
  for (const Json& summary : results.at("summary")) {
    if (summary.at("protocol") == protocol) {
      return true;
    }
  }
  return false;
}

std::string controls(const Json& results) {
  std::string networks;
  for (const Json& network : results.value("networks", Json::array())) {
    networks += option(network.value("name", ""), networks.empty());
  }
  std::string protocols;
  std::size_t at = 0;  // among those that were measured: a name may be anything
  for (const Json& protocol : results.at("protocols")) {
    const std::string name = protocol.at("name");
    if (is_measured(results, name)) {
      const std::string place = std::to_string(at++);
      protocols += element("label", "<input type=\"checkbox\" checked=\"checked\" name=\"show-" + place +
                                        "\"/><span class=\"key\" id=\"key-" + place + "\"></span>" +
                                        escaped(protocol.value("title", name))) +
                   "\n";
    }
  }
  return element("form id=\"controls\" aria-label=\"What the charts show\"",
                 "\n" +
                     element("label", "along the axis <select name=\"axis\">" + option("subscribers", true) +
                                          option("contacts", false) + "</select>") +
                     element("label", "with <select name=\"fixed\"></select>") +
                     element("label", "network <select name=\"network\">" + networks + "</select>") +
                     element("fieldset", element("legend", "protocols") + protocols)) +
         "\n";
}

std::string charts() {
  std::string out;
  for (const Chart& chart : kCharts) {
    const std::string id(chart.id);
    out += element("figure id=\"" + id + "\" aria-labelledby=\"" + id + "-title\"",
                   element("h3 id=\"" + id + "-title\"", chart.title) +
                       "<div class=\"plot\" role=\"img\" aria-labelledby=\"" + id +
                       "-title\" aria-describedby=\"" + id + "-caption\"></div>" +
                       element("figcaption id=\"" + id + "-caption\"", "")) +
           "\n";
  }
  return element("div class=\"charts\"", "\n" + out) + "\n";
}

std::string body(const Json& results) {
  const Json& environment = results.at("environment");
  std::string out = element("h1", "What private contact discovery costs") + "\n";
  out += element("p class=\"lead\"",
                 "Protocols that tell a client which of its contacts subscribe, run beside each other "
                 "between two processes of "
                 "one machine: time, bytes and memory as measured, and what each lets the parties learn.") +
         "\n";
  out +=
      element("p class=\"quiet\"",
              "Measured " + escaped(environment.value("started", "")) + " on " +
                  escaped(environment.value("machine", "an unnamed machine")) + ", commit " +
                  code(environment.value("commit", "unknown")) +
                  ". CPU is that of one core; online is what a run takes once the service has set up: its "
                  "answer, and the client's asking and matching. Bytes are those that passed the socket.") +
      "\n";
  out += element("h2", "Who learns what") + "\n" + knowledge_table(results);
  out += cost_table(results);
  out += element("p class=\"quiet\"",
                 "Where a protocol was not measured with the largest set, the row is of the largest it was "
                 "measured with, and is "
                 "compared with ours at that size.") +
         "\n";
  out += element("div class=\"needs-script\" hidden=\"hidden\"",
                 "\n" + element("h2", "Charts") + "\n" + controls(results) + charts()) +
         "\n" + element("noscript", element("p", "The charts need JavaScript; the tables do not."));
  out += capped_table(results) + attack_table(results) + published_table(results);
  out += element("h2", "Where it was measured") + "\n" + environment_table(results);
  out += element("details", element("summary", "Every figure") + "\n" + figures_table(results)) + "\n";
  out +=
      element("footer", element("p", "Made by " + code("blindbook bench --report") +
                                         "; this file loads nothing, and holds the results it was made of. " +
                                         element("button type=\"button\" id=\"save\" class=\"screen\"",
                                                 "Save them as JSON"))) +
      "\n";
  return out;
}

tl::unexpected<Error> no_results(const std::string& why) {
  return bad_input("bench.results", "the results cannot be read: " + why,
                   "they are what blindbook bench --format json --output writes");
}

}  // namespace

Result<std::string> report_page(const Json& results) {
  try {
    if (results.value("schema", "") != kSchema) {
      return bad_input("bench.results", "these are not results of blindbook bench",
                       "they begin with \"schema\": \"blindbook.bench/1\"");
    }
    if (results.at("summary").empty()) {
      return bad_input("bench.results", "the results hold no run");
    }
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
           "'unsafe-inline'; script-src "
           "'unsafe-inline'\"/>\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
           "<meta name=\"color-scheme\" content=\"light dark\"/>\n" +
           element("title", "What private contact discovery costs – blindbook") + "\n" +
           element("style", std::string(uplot_style()) + "\n" + std::string(report_style())) +
           "\n</head>\n<body>\n" + element("main", "\n" + body(results)) + "\n" +
           element("script id=\"results\" type=\"application/json\"", json_for_html(results)) + "\n" +
           element("script", uplot_script()) + "\n" + element("script", charts_script()) +
           "\n</body>\n</html>\n";
  } catch (const Json::exception& thrown) {
    return no_results(thrown.what());
  } catch (const std::domain_error& thrown) {
    return no_results(thrown.what());
  }
}

}  // namespace blindbook::bench
