#include "tests/year/contact_holder.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "blindbook/service/client_memory.h"
#include "blindbook/service/discovery.h"

namespace blindbook::year {
namespace {

/// number -> label
using Seen = std::map<std::string, std::string>;

constexpr std::uint64_t kFirstInEpoch = 64;
constexpr std::uint64_t kScheduled = 16;

}  // namespace

Sync ContactHolder::look(ServiceThroughTime& service, const Town& town) {
  std::vector<Identifier> book;
  Seen truth;
  for (const std::size_t contact : contacts_) {
    const std::string number = town.number(contact);
    book.push_back(Identifier::from_e164(number).value());
    if (const auto label = town.label(contact)) {
      truth["tel:" + number] = *label;
    }
  }
  const service::DiscoverySettings settings{.service = service.endpoint(),
                                            .trust = {},
                                            .root = service.folder().config().root,
                                            .token = service.token(account_),
                                            .scheduled = true,
                                            .progress = {},
                                            .clock = {},
                                            .on_disclosure = {}};
  auto memory = service::ClientMemory::open(device_ / "state", protocol::fingerprint_of(settings.root),
                                            service.random());
  const auto wrong = [&](const std::string& what) {
    return std::runtime_error(account_ + " on day " +
                              std::to_string((service.now().value() - kBegin.value()) / kDay) + ": " + what);
  };
  if (!memory) {
    throw wrong(memory.error().message);
  }
  const auto outcome = service::discover(settings, book, *memory, service.now(), service.random());
  if (!outcome) {
    throw wrong(std::string(outcome.error().rule) + ": " + outcome.error().message);
  }
  if (outcome->stopped || outcome->not_looked_up != 0) {
    throw wrong("not all contacts were looked up");
  }
  if (outcome->chain == protocol::ChainLink::kGap) {
    throw wrong("the chain of announcements has a gap");
  }
  Seen seen;
  for (const protocol::ContactMatch& match : outcome->matches) {
    seen[std::string(match.identifier.text())] = match.label.value_or("");
  }
  if (service.announcement().epochs.front().label_mode == protocol::LabelMode::kNone) {
    std::for_each(truth.begin(), truth.end(), [](auto& entry) { entry.second.clear(); });
  }
  if (seen != truth) {
    throw wrong("the answer is not the truth of its edition");
  }
  Sync out{.epoch = outcome->epoch,
           .edition = outcome->edition,
           .bytes = outcome->disclosed.bytes_sent() + outcome->disclosed.bytes_received(),
           .evaluations = outcome->disclosed.evaluations_charged};
  for (const service::DisclosedRequest& request : outcome->disclosed.requests) {
    out.directories += request.path.starts_with("/v1/directory/") ? 1 : 0;
    out.patches += request.path.starts_with("/v1/patch/") ? 1 : 0;
  }
  const bool enters = entered_.empty() || entered_.back() != out.epoch;
  if (out.evaluations != (enters ? kFirstInEpoch : kScheduled)) {
    throw wrong(std::to_string(out.evaluations) + " evaluations were charged");
  }
  if (enters) {
    entered_.push_back(out.epoch);
  }
  return out;
}

}  // namespace blindbook::year
