#include "tests/bench/report/page.h"

#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "tests/bench/report/figures_text.h"

namespace blindbook::bench {
namespace {

using Json = nlohmann::ordered_json;

/// Results as `blindbook bench --quick` gave them.
Json sample() {
  std::ifstream file(BLINDBOOK_SAMPLE_RESULTS);
  return Json::parse(file);
}

std::string page_of(const Json& results) {
  const auto page = report_page(results);
  REQUIRE(page.has_value());
  return *page;
}

/// What stands between `open` and the next `close`.
std::string between(const std::string& text, const std::string& open, const std::string& close) {
  const std::size_t begin = text.find(open);
  REQUIRE(begin != std::string::npos);
  const std::size_t end = text.find(close, begin + open.size());
  REQUIRE(end != std::string::npos);
  return text.substr(begin + open.size(), end - begin - open.size());
}

TEST_CASE("a report holds the results it was made of") {
  const Json results = sample();
  const std::string held =
      between(page_of(results), "<script id=\"results\" type=\"application/json\">", "</script>");
  CHECK(Json::parse(held) == results);
}

TEST_CASE("a report names every protocol and says what each lets the parties learn") {
  const Json results = sample();
  const std::string page = page_of(results);
  const std::string knowledge = between(page, "aria-label=\"Who learns what\"", "</table>");
  REQUIRE(results.at("protocols").size() > 10);
  for (const Json& protocol : results.at("protocols")) {
    CHECK(knowledge.find(">" + protocol.at("title").get<std::string>() + "<") != std::string::npos);
  }
  CHECK(knowledge.find("class=\"no\">no<") != std::string::npos);
  CHECK(knowledge.find("class=\"yes\">yes<") != std::string::npos);
}

TEST_CASE("a report compares each protocol with ours at its own largest size") {
  Json results = sample();
  const auto summary = [](const char* protocol, unsigned subscribers, double cpu, unsigned bytes) {
    const Json spread{{"median", cpu}, {"least", cpu}, {"most", cpu}};
    return Json{{"protocol", protocol},
                {"subscribers", subscribers},
                {"contacts", 64},
                {"rounds", 1},
                {"setup_cpu_seconds", spread},
                {"service_cpu_seconds", spread},
                {"client_cpu_seconds", spread},
                {"online_cpu_seconds", spread},
                {"online_bytes", bytes},
                {"download_bytes", 0},
                {"messages", 2},
                {"round_trips", 1},
                {"service_peak_bytes", 1},
                {"client_peak_bytes", 1},
                {"network_seconds", Json::object()},
                {"false_matches", 0}};
  };
  results["protocols"] = {{{"name", "blindbook-ifma"}, {"title", "ours"}, {"hides_contacts", true}},
                          {{"name", "slow"}, {"title", "another"}, {"hides_contacts", true}}};
  results["summary"] = {summary("blindbook-ifma", 100, 0.25, 400), summary("blindbook-ifma", 200, 0.5, 400),
                        summary("slow", 100, 1.0, 1200)};
  const std::string costs =
      between(page_of(results), "aria-label=\"What a run of 64 contacts costs\"", "</table>");
  const std::string another = between(costs, ">another<", "</tr>");
  CHECK(another.find(">100<") != std::string::npos);
  CHECK(another.find(">x 4.00<") != std::string::npos);
  CHECK(another.find(">x 3.00<") != std::string::npos);
  CHECK(between(costs, ">ours<", "</tr>").find(">200<") != std::string::npos);
}

TEST_CASE("what a report shows of others is shown as text") {
  Json results = sample();
  results["environment"]["machine"] = "</script><script>alert(1)</script>";
  results["protocols"][0]["note"] = "a <b>bold</b> & \"quoted\" claim";
  const std::string page = page_of(results);
  CHECK(page.find("<script>alert") == std::string::npos);
  CHECK(page.find("a &lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot; claim") != std::string::npos);
  const std::string held = between(page, "<script id=\"results\" type=\"application/json\">", "</script>");
  CHECK(Json::parse(held) == results);
}

TEST_CASE("a report loads nothing") {
  const std::string page = page_of(sample());
  CHECK(page.find("default-src 'none'") != std::string::npos);
  for (const char* loading : {" src=", "@import", "url(", "<link", "<iframe"}) {
    CHECK(page.find(loading) == std::string::npos);
  }
}

TEST_CASE("what was left out and what others published is shown only where there is any") {
  Json results = sample();
  results["capped"] = Json::array();
  results["published"] = Json::array();
  results["attack"] = nullptr;
  const std::string without = page_of(results);
  CHECK(without.find("Not measured") == std::string::npos);
  CHECK(without.find("What others have published") == std::string::npos);
  CHECK(without.find("The attack") == std::string::npos);
  results["capped"] = {{{"protocol", "a"}, {"subscribers", 4096}, {"contacts", 64}, {"why", "hours"}},
                       {{"protocol", "a"}, {"subscribers", 4096}, {"contacts", 256}, {"why", "hours"}}};
  CHECK(page_of(results).find("<td>4,096 with 64; 4,096 with 256</td>") != std::string::npos);
}

TEST_CASE("results that are none are refused by name") {
  for (const Json& results : {Json(3), Json::object(), Json{{"schema", "blindbook.bench/2"}},
                              Json{{"schema", "blindbook.bench/1"}, {"summary", Json::array()}},
                              Json{{"schema", "blindbook.bench/1"}, {"summary", {{{"protocol", 7}}}}}}) {
    const auto page = report_page(results);
    REQUIRE_FALSE(page.has_value());
    CHECK(page.error().rule == "bench.results");
    CHECK(page.error().fault == Fault::kBadInput);
  }
  Json results = sample();
  results["summary"][0]["online_bytes"] = -5;
  const auto page = report_page(results);
  REQUIRE_FALSE(page.has_value());
  CHECK(page.error().message.find("online_bytes is no whole number from 0 to 2^53") != std::string::npos);
}

TEST_CASE("figures that cannot be are refused wherever they stand") {
  const auto is_refused = [](const char* pointer, const Json& value) {
    CAPTURE(pointer);
    Json results = sample();
    results[Json::json_pointer(pointer)] = value;
    const auto page = report_page(results);
    return !page && page.error().rule == "bench.results";
  };
  CHECK(is_refused("/summary/0/online_cpu_seconds/median", -5));
  CHECK(is_refused("/summary/0/online_cpu_seconds/median", 1e308));
  CHECK(is_refused("/summary/0/download_bytes", 1e300));
  CHECK(is_refused("/published/0/subscribers", -5));
  CHECK(is_refused("/published/0/online_seconds", "2"));
  CHECK(is_refused("/attack/hashes/0/recovered", -1));
  CHECK(is_refused("/attack/hashes/0/numbers_per_second", -1.0));
}

TEST_CASE("a report says when a comparison was gone on with") {
  Json results = sample();
  results["environment"]["resumed"] = Json::array();
  CHECK(page_of(results).find("<td>never: measured in one go</td>") != std::string::npos);
  results["environment"]["resumed"] = {{{"at", "2026-03-01T12:00:00Z"}, {"load_before", 0.5}},
                                       {{"at", "2026-03-02T12:00:00Z"}, {"load_before", 1.25}}};
  CHECK(page_of(results).find(
            "<td>2026-03-01T12:00:00Z, load before 0.5; 2026-03-02T12:00:00Z, load before 1.25</td>") !=
        std::string::npos);
}

TEST_CASE("figures have three digits and the unit that suits them") {
  CHECK(seconds_text(0.0000005) == "0.50 us");
  CHECK(seconds_text(0.0000123) == "12.3 us");
  CHECK(seconds_text(0.9996) == "1.00 s");
  CHECK(seconds_text(0.0456) == "45.6 ms");
  CHECK(seconds_text(90) == "90.0 s");
  CHECK(seconds_text(400) == "6.67 min");
  CHECK(seconds_text(7'300) == "2.03 h");
  CHECK(ratio_text(9.996) == "x 10.0");
  CHECK(ratio_text(0.25) == "x 0.25");
  CHECK(ratio_text(1234.4) == "x 1,234");
}

}  // namespace
}  // namespace blindbook::bench
