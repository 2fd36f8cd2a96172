// A year of an operator and of the people of a town: 365 publications and all that comes with them, with clients that
// look daily, weekly, every 45 days and once. BLINDBOOK_YEAR_AT=N makes it N subscribers (3,000) and prints what it cost.

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/year/contact_holder.h"
#include "tests/year/served_tags.h"
#include "tests/year/service_through_time.h"
#include "tests/year/town.h"

using namespace blindbook;
using namespace blindbook::year;

namespace {

constexpr std::uint64_t kDays = 365;
/// Of those who left, how many are looked for in what is served each day.
std::size_t looked_for(std::size_t subscribers) {
  return subscribers > 10'000 ? 2'000 : std::size_t{1} << 30;
}

constexpr std::size_t kContacts = 60;

struct Kind {
  const char* name;
  std::uint64_t every;  // days; 0: once
  std::vector<std::uint64_t> first;
};

/// What the clients of one kind cost in the year.
struct Cost {
  std::uint64_t runs = 0;
  std::uint64_t bytes = 0;
  std::uint64_t directories = 0;
  std::uint64_t patches = 0;
  std::uint64_t evaluations = 0;
};

struct Client {
  const Kind* kind;
  std::unique_ptr<ContactHolder> holder;
};

std::size_t subscribers() {
  const char* const asked = std::getenv("BLINDBOOK_YEAR_AT");
  return asked == nullptr ? 3'000 : std::strtoul(asked, nullptr, 10);
}

double percentile(std::vector<double> values, std::size_t percent) {
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) * percent / 100];
}

void print_table(std::size_t begun_with, const Town& town, const std::vector<Kind>& kinds,
                 const std::vector<Cost>& costs, const std::vector<double>& publications) {
  std::cout << begun_with << " subscribers at the beginning, " << town.subscribers() << " at the end\n"
            << std::fixed << std::setprecision(3) << "CPU of a publication: median "
            << percentile(publications, 50) << " s, most " << percentile(publications, 100) << " s\n"
            << "clients         runs  directories  patches  evaluations  KB a run  MB a month\n";
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const Cost& cost = costs[i];
    const auto bytes = static_cast<double>(cost.bytes);
    const double months = static_cast<double>(kinds[i].first.size() * kDays) / 30.0;
    std::cout << std::left << std::setw(14) << kinds[i].name << std::right << std::setw(6) << cost.runs
              << std::setw(13) << cost.directories << std::setw(9) << cost.patches << std::setw(13)
              << cost.evaluations << std::setw(10) << bytes / 1e3 / static_cast<double>(cost.runs)
              << std::setw(12) << bytes / 1e6 / months << '\n';
  }
}

}  // namespace

TEST_CASE("a year of publications, rotations and clients") {
  const std::size_t begun_with = subscribers();
  const std::vector<Kind> kinds{{"daily", 1, {0, 40}},
                                {"weekly", 7, {0, 3}},
                                {"every 45 days", 45, {0, 20}},
                                {"once", 0, {100, 200, 300}}};
  Town town(begun_with, 5);
  ServiceThroughTime service(begun_with > 10'000 ? protocol::LabelMode::kNone
                                                 : protocol::LabelMode::kEmbedded);
  std::vector<Client> clients;
  for (const Kind& kind : kinds) {
    for (const std::uint64_t first : kind.first) {
      // Subscribers from the beginning, some who join later, and some who never do.
      std::vector<std::size_t> contacts;
      for (std::size_t i = 0; i < kContacts; ++i) {
        contacts.push_back((clients.size() * 7 + i * begun_with / 25) % (begun_with * 5 / 2));
      }
      clients.push_back(
          {&kind, std::make_unique<ContactHolder>(std::string(kind.name) + " from " + std::to_string(first),
                                                  first, kind.every, std::move(contacts))});
    }
  }
  ServedTags served;
  std::vector<Cost> costs(kinds.size());
  std::vector<double> publications;
  std::vector<std::uint64_t> evaluated;
  std::set<EpochId> epochs;
  for (std::uint64_t day = 0; day < kDays; ++day) {
    const std::uint64_t morning = kBegin.value() + day * kDay;
    service.set_clock(UnixTime(morning + (day == 0 ? 1 : 0)));
    publications.push_back(service.publish(town));
    evaluated.push_back(service.evaluated());
    for (const protocol::AnnouncedEpoch& epoch : service.announcement().epochs) {
      epochs.insert(epoch.id);
    }
    served.check(service, town, looked_for(begun_with));
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (!clients[i].holder->looks_on(day)) {
        continue;
      }
      service.set_clock(UnixTime(morning + 600 * (i + 1)));
      const Sync sync = clients[i].holder->look(service, town);
      Cost& cost = costs[static_cast<std::size_t>(clients[i].kind - kinds.data())];
      ++cost.runs;
      cost.bytes += sync.bytes;
      cost.directories += sync.directories;
      cost.patches += sync.patches;
      cost.evaluations += sync.evaluations;
    }
    if (day % 30 == 10) {
      const std::size_t person = town.somebody();
      town.leave_for_good(person);
      service.set_clock(UnixTime(morning + kDay / 2));
      service.erase(Identifier::from_e164(town.number(person)).value());
      served.check(service, town, looked_for(begun_with));
    }
    town.live_a_day();
  }
  if (std::getenv("BLINDBOOK_YEAR_AT") != nullptr) {
    print_table(begun_with, town, kinds, costs, publications);
  }

  CHECK(epochs.size() >= 5);  // four rotations
  // All rows at the beginning of an epoch, and otherwise what is new.
  CHECK(std::count_if(evaluated.begin(), evaluated.end(), [&](std::uint64_t rows) {
          return rows >= begun_with;
        }) == static_cast<std::ptrdiff_t>(epochs.size()));
  for (const Client& client : clients) {
    // A client enters an epoch once, and does not go back to one that it left.
    const std::vector<EpochId>& entered = client.holder->entered();
    CHECK(std::set<EpochId>(entered.begin(), entered.end()).size() == entered.size());
    if (client.kind->every == 1) {
      CHECK(entered.size() >= 4);
    }
  }
  // Who looks daily or weekly fetches a whole directory once in an epoch; who looks once, once.
  CHECK(costs[0].directories <= 2 * 5);
  CHECK(costs[0].patches + costs[0].directories == costs[0].runs);
  CHECK(costs[1].directories <= 2 * 5);
  CHECK(costs[3].directories == costs[3].runs);
}
