#include <string>

#include <catch2/catch.hpp>

#include "blindbook/service/watch/event_metrics.h"
#include "blindbook/service/watch/metric_family.h"
#include "blindbook/service/watch/process_metrics.h"
#include "blindbook/service/watch/prometheus_text.h"

namespace blindbook::service {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 3> kColours{"red", "green", "other"};
constexpr ClosedLabel kColour{"colour", kColours};

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

template <class Metric>
std::string written(const Metric& metric) {
  PrometheusText out;
  metric.write(out);
  return out.text();
}

Event request(std::string route, std::uint64_t status, std::uint64_t milliseconds) {
  return {"request", {{"route", std::move(route)}, {"status", status}, {"milliseconds", milliseconds}}};
}

TEST_CASE("metrics are written in the text format of prometheus") {
  PrometheusText out;
  out.family("a_total", "counter", "What is counted.");
  out.sample("a_total", {{"x", "plain"}, {"y", "a\"b\\c\nd"}}, std::uint64_t{18'446'744'073'709'551'615U});
  out.gauge("b", "A number.", 0.25);
  CHECK(out.text() ==
        "# HELP a_total What is counted.\n# TYPE a_total counter\n"
        "a_total{x=\"plain\",y=\"a\\\"b\\\\c\\nd\"} 18446744073709551615\n"
        "# HELP b A number.\n# TYPE b gauge\nb 0.25\n");
}

TEST_CASE("a label has the values that the program knows and no other") {
  CounterFamily counter("c_total", "Help.", kColour);
  counter.add("green", 2);
  counter.add("+493023125001");
  counter.add("");
  CHECK(written(counter) ==
        "# HELP c_total Help.\n# TYPE c_total counter\n"
        "c_total{colour=\"red\"} 0\nc_total{colour=\"green\"} 2\nc_total{colour=\"other\"} 2\n");
}

TEST_CASE("a table of counters shows the pairs that were counted") {
  CounterTable table("t_total", "Help.", kColour, {"again", kColours});
  table.add("green", "red");
  table.add("green", "red");
  table.add("?", "green");
  CHECK(written(table) ==
        "# HELP t_total Help.\n# TYPE t_total counter\n"
        "t_total{colour=\"green\",again=\"red\"} 2\nt_total{colour=\"other\",again=\"green\"} 1\n");
}

TEST_CASE("buckets of a histogram hold all that took no longer") {
  DurationHistogram histogram("h_seconds", "Help.", kColour);
  histogram.observe("red", 5ms);
  histogram.observe("red", 5ms + 1ns);
  histogram.observe("red", 2'500ms);
  histogram.observe("red", 1h);
  const std::string text = written(histogram);
  CHECK(has_line(text, "# TYPE h_seconds histogram"));
  CHECK(has_line(text, "h_seconds_bucket{colour=\"red\",le=\"0.005\"} 1"));
  CHECK(has_line(text, "h_seconds_bucket{colour=\"red\",le=\"0.01\"} 2"));
  CHECK(has_line(text, "h_seconds_bucket{colour=\"red\",le=\"1\"} 2"));
  CHECK(has_line(text, "h_seconds_bucket{colour=\"red\",le=\"2.5\"} 3"));
  CHECK(has_line(text, "h_seconds_bucket{colour=\"red\",le=\"10\"} 3"));
  CHECK(has_line(text, "h_seconds_bucket{colour=\"red\",le=\"+Inf\"} 4"));
  CHECK(has_line(text, "h_seconds_count{colour=\"red\"} 4"));
  CHECK(text.find("h_seconds_sum{colour=\"red\"} 3602.51") != std::string::npos);
  CHECK(text.find("green") == std::string::npos);
}

TEST_CASE("requests are counted by route status and problem") {
  EventMetrics metrics;
  metrics.count(request("/v1/evaluate", 200, 40));
  Event refused = request("/v1/evaluate", 429, 1);
  refused.fields.emplace_back("problem", "allowance");
  metrics.count(refused);
  const std::string text = written(metrics);
  CHECK(has_line(text, "blindbook_requests_total{route=\"/v1/evaluate\",status=\"200\"} 1"));
  CHECK(has_line(text, "blindbook_requests_total{route=\"/v1/evaluate\",status=\"429\"} 1"));
  CHECK(has_line(text, "blindbook_problems_total{problem=\"allowance\"} 1"));
  CHECK(has_line(text, "blindbook_problems_total{problem=\"busy\"} 0"));
  CHECK(has_line(text, "blindbook_request_duration_seconds_bucket{route=\"/v1/evaluate\",le=\"0.05\"} 2"));
  CHECK(has_line(text, "blindbook_request_duration_seconds_sum{route=\"/v1/evaluate\"} 0.041"));
}

TEST_CASE("other events are counted by name and nothing that they say is shown") {
  EventMetrics metrics;
  metrics.count({"publish-failed", {{"rule", "publish.rows"}, {"message", "+493023125001"}}});
  metrics.count({"invented", {{"account", "alice"}}});
  metrics.count(request("/v1/+493023125001", 999, 0));
  const std::string text = written(metrics);
  CHECK(has_line(text, "blindbook_events_total{event=\"publish-failed\"} 1"));
  CHECK(has_line(text, "blindbook_events_total{event=\"other\"} 1"));
  CHECK(has_line(text, "blindbook_events_total{event=\"reload-failed\"} 0"));
  CHECK(has_line(text, "blindbook_requests_total{route=\"other\",status=\"other\"} 1"));
  CHECK(text.find("23125") == std::string::npos);
  CHECK(text.find("alice") == std::string::npos);
  CHECK(text.find("invented") == std::string::npos);
}

TEST_CASE("a process tells its memory under the name that exporters use") {
  PrometheusText out;
  write_process_metrics(out);
  const std::string name = "\nprocess_resident_memory_bytes ";
  const std::size_t at = out.text().find(name);
  REQUIRE(at != std::string::npos);
  CHECK(std::stoull(out.text().substr(at + name.size())) > 1'000'000);
  CHECK(out.text().find("\nprocess_open_fds ") != std::string::npos);
  CHECK(out.text().find("\nprocess_start_time_seconds ") != std::string::npos);
}

}  // namespace
}  // namespace blindbook::service
