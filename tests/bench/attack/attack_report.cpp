#include <cstdio>

#include <nlohmann/json.hpp>

#include "tests/bench/attack/attack.h"

namespace blindbook::bench {
namespace {

using nlohmann::ordered_json;

ordered_json json_of(const HashAttack& attack) {
  ordered_json countries = ordered_json::array();
  for (const CountryTime& country : attack.countries) {
    countries.push_back({{"country", country.country},
                         {"basis", country.basis},
                         {"numbers", country.numbers},
                         {"minutes", country.minutes}});
  }
  return {{"protocol", attack.protocol},
          {"contacts", attack.contacts},
          {"recovered", attack.recovered},
          {"wrong", attack.wrong},
          {"tried", attack.tried},
          {"cpu_seconds", attack.cpu_seconds},
          {"numbers_per_second", attack.numbers_per_second},
          {"countries", std::move(countries)}};
}

ordered_json json_of(const ToyResult& toy) {
  return {{"group_order", kToyOrder},
          {"batch", kToyBatch},
          {"books", toy.books},
          {"pairs", toy.pairs},
          {"views", toy.views},
          {"identical", toy.is_identical},
          {"bijection", toy.is_bijection},
          {"largest_advantage", toy.largest_advantage}};
}

ordered_json json_of(const BlindAttack& attack) {
  ordered_json runs = ordered_json::array();
  for (const RunSize& run : attack.runs) {
    runs.push_back({{"contacts", run.contacts},
                    {"batch", run.batch},
                    {"bytes_from_client", run.from_client},
                    {"bytes_from_service", run.from_service}});
  }
  return {{"protocol", attack.protocol},
          {"toy_group", json_of(attack.toy)},
          {"runs", std::move(runs)},
          {"lengths_depend_on_batch_only", attack.lengths_depend_on_batch_only},
          {"repeated_windows", attack.repeated_windows},
          {"contacts", attack.contacts},
          {"recovered", attack.recovered},
          {"tried", attack.tried}};
}

/// "12,345,678".
std::string grouped(std::uint64_t value) {
  std::string out = std::to_string(value);
  for (std::size_t at = out.size(); at > 3; at -= 3) {
    out.insert(at - 3, ",");
  }
  return out;
}

template <class... Values>
std::string formatted(const char* format, Values... values) {
  char line[256];
  const int size = std::snprintf(line, sizeof line, format, values...);
  return std::string(line, static_cast<std::size_t>(size));
}

std::string text_of(const HashAttack& attack) {
  std::string out = "Upload of hashes, " + attack.protocol + ": " + grouped(attack.recovered) + " of " +
                    grouped(attack.contacts) + " contacts recovered, " + grouped(attack.wrong) + " wrong\n";
  out += "  " + grouped(attack.tried) +
         formatted(" numbers tried in %.1f s of one core: ", attack.cpu_seconds) +
         grouped(static_cast<std::uint64_t>(attack.numbers_per_second)) + " a second\n";
  out += "  all numbers of a country, one core:\n";
  for (const CountryTime& country : attack.countries) {
    const bool is_short = country.minutes < 1;
    out += formatted("    %-3s %-9s %15s %10.1f %s\n", country.country.c_str(), country.basis.c_str(),
                     grouped(country.numbers).c_str(), is_short ? 60 * country.minutes : country.minutes,
                     is_short ? "s" : "min");
  }
  return out;
}

std::string text_of(const BlindAttack& attack) {
  const ToyResult& toy = attack.toy;
  std::string out = "Blinded elements, " + attack.protocol + ": " + grouped(attack.recovered) + " of " +
                    grouped(attack.contacts) + " contacts recovered, " + grouped(attack.tried) +
                    " numbers tried\n";
  out += formatted("  in a group of %u elements, all %zu address books of %zu: ", kToyOrder, toy.books,
                   kToyBatch);
  out += toy.is_identical ? "every two show the service the same " : "some two can be told apart by the ";
  out += formatted("%zu views%s\n", toy.views, toy.is_identical ? ", each as often" : "");
  out += formatted(
      "  r' = r + log H(x) - log H(y) maps one book's view onto another's: %s, in %s pairs of books\n",
      toy.is_bijection ? "always" : "not always", grouped(toy.pairs).c_str());
  out += formatted("  best guess which of two books it was: an advantage of %.3f\n", toy.largest_advantage);
  out += formatted("  what is sent twice: %zu of all runs of eight bytes\n", attack.repeated_windows);
  out += attack.lengths_depend_on_batch_only ? "  lengths tell the size of the batch, and no more:\n"
                                             : "  lengths tell more than the size of the batch:\n";
  for (std::size_t i = 0; i < attack.runs.size(); i += 2) {  // each book was asked for twice
    const RunSize& run = attack.runs[i];
    out += formatted("    %5zu contacts %5u in the batch %8zu bytes up %8zu bytes down\n", run.contacts,
                     run.batch, run.from_client, run.from_service);
  }
  return out;
}

}  // namespace

ordered_json json_of(const AttackReport& report) {
  ordered_json hashes = ordered_json::array();
  for (const HashAttack& attack : report.hashes) {
    hashes.push_back(json_of(attack));
  }
  return {{"schema", "blindbook.attack/1"},
          {"hashes", std::move(hashes)},
          {"blindbook", json_of(report.blindbook)}};
}

std::string text_of(const AttackReport& report) {
  std::string out;
  for (const HashAttack& attack : report.hashes) {
    out += text_of(attack) + "\n";
  }
  return out + text_of(report.blindbook);
}

}  // namespace blindbook::bench
