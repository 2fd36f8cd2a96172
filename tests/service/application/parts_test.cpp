#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "blindbook/service/event.h"
#include "blindbook/service/http/range.h"
#include "blindbook/service/problem.h"
#include "blindbook/service/rate_limit.h"

namespace blindbook::service {
namespace {

TEST_CASE("a problem is json of one length with its type and detail") {
  const http::Response response =
      problem_response({429, "rate", "too many requests", "a \"detail\" \x01 \xff", 61});
  CHECK(response.status == 429);
  CHECK(response.content_type == "application/problem+json");
  CHECK(response.body.size() == kProblemBytes);
  const nlohmann::json json = nlohmann::json::parse(response.body);
  CHECK(json.at("type") == "urn:blindbook:problem:rate");
  CHECK(json.at("title") == "too many requests");
  CHECK(json.at("status") == 429);
  CHECK(json.at("detail").get<std::string>().starts_with("a \"detail\""));
  CHECK(std::find(response.headers.begin(), response.headers.end(),
                  std::pair<std::string, std::string>("Retry-After", "00000061")) != response.headers.end());
}

TEST_CASE("a long detail is cut so that the length stays") {
  const std::string unit = GENERATE("x", "\"", "\xC3\xA4", "\n");
  std::string detail;
  for (int i = 0; i < 1'000; ++i) {
    detail += unit;
  }
  const http::Response response = problem_response({400, "header", "no request", detail});
  CHECK(response.body.size() == kProblemBytes);
  CHECK(nlohmann::json::parse(response.body).at("status") == 400);
}

TEST_CASE("an account may ask so often in any window and others are not affected") {
  RateLimit limit(3, 60);
  CHECK(limit.admit("i", "a", 1000) == 0);
  CHECK(limit.admit("i", "a", 1010) == 0);
  CHECK(limit.admit("i", "a", 1020) == 0);
  CHECK(limit.admit("i", "a", 1030) == 30);
  CHECK(limit.admit("i", "b", 1030) == 0);
  CHECK(limit.admit("ia", "", 1030) == 0);
  CHECK(limit.admit("i", "a", 1059) == 1);
  CHECK(limit.admit("i", "a", 1060) == 0);
  CHECK(limit.admit("i", "a", 1061) == 9);
}

TEST_CASE("accounts are forgotten after the window") {
  RateLimit limit(2, 60);
  for (int i = 0; i < 100; ++i) {
    CHECK(limit.admit("i", std::to_string(i), 1000) == 0);
  }
  CHECK(limit.accounts() == 100);
  CHECK(limit.admit("i", "x", 1061) == 0);
  CHECK(limit.accounts() == 1);
  CHECK(limit.admit("i", "x", 1062) == 0);
  CHECK(limit.admit("i", "x", 1063) == 58);
}

TEST_CASE("an event is one line of json") {
  const std::string line =
      json_line({"request", {{"route", "a\nb\xff"}, {"status", std::uint64_t{200}}}}, UnixTime(7));
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.starts_with(R"({"time":7,"event":"request","route":"a\nb)"));
  CHECK(line.ends_with(R"("status":200})"));
}

TEST_CASE("only an open range behind the same entity tag resumes") {
  http::Request request;
  request.if_range = "\"tag\"";
  request.range = "bytes=5-";
  CHECK(http::resume_offset(request, "\"tag\"", 10) == 5);
  CHECK(http::resume_offset(request, "\"new\"", 10) == std::nullopt);
  CHECK(http::resume_offset(request, "\"tag\"", 5) == std::nullopt);
  for (const char* range : {"bytes=0-", "bytes=5-6", "bytes=-5", "bytes=5-,7-", "bytes=", "bytes=-",
                            "items=5-", "5-", "bytes= 5-", "bytes=+5-", "bytes=99999999999999999999-"}) {
    request.range = range;
    CHECK(http::resume_offset(request, "\"tag\"", 10) == std::nullopt);
  }
  request.range = "bytes=5-";
  request.if_range.reset();
  CHECK(http::resume_offset(request, "\"tag\"", 10) == std::nullopt);
}

}  // namespace
}  // namespace blindbook::service
