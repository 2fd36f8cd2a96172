#include "blindbook/service/problem.h"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "blindbook/base/printable.h"

namespace blindbook::service {
namespace {

std::string to_json(const Problem& problem, std::string_view detail) {
  nlohmann::ordered_json json{{"type", "urn:blindbook:problem:" + std::string(problem.name)},
                              {"title", problem.title},
                              {"status", problem.status}};
  if (!detail.empty()) {
    json["detail"] = detail;
  }
  return json.dump(-1, ' ', /*ensure_ascii=*/true);
}

std::string eight_digits(std::uint64_t seconds) {
  const std::string digits = std::to_string(std::min<std::uint64_t>(seconds, 99'999'999));
  return std::string(8 - digits.size(), '0') + digits;
}

}  // namespace

http::Response problem_response(const Problem& problem) {
  std::string detail = printable(problem.detail);
  std::string json = to_json(problem, detail);
  while (json.size() > kProblemBytes && !detail.empty()) {
    // A cut inside a character leaves a bad sequence, which printable() repairs.
    detail = printable(
        std::string_view(detail).substr(0, detail.size() - std::min<std::size_t>(detail.size(), 8)));
    json = to_json(problem, detail);
  }
  json.resize(kProblemBytes, ' ');
  http::Response out;
  out.status = problem.status;
  out.problem = std::string(problem.name);
  out.content_type = "application/problem+json";
  out.headers.emplace_back("Cache-Control", "no-store");
  if (problem.retry_after) {
    out.headers.emplace_back("Retry-After", eight_digits(*problem.retry_after));
  }
  out.body.assign(json.begin(), json.end());
  return out;
}

}  // namespace blindbook::service
