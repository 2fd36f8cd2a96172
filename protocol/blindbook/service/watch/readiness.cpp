#include "blindbook/service/watch/readiness.h"

#include <algorithm>

namespace blindbook::service {
namespace {

bool has_live_key(const ServedSet& set, UnixTime now) {
  const auto& epochs = set.announcement().epochs;
  return std::any_of(epochs.begin(), epochs.end(), [&](const protocol::AnnouncedEpoch& epoch) {
    return epoch.is_live(now) && epoch.edition != Edition(0) && set.evaluator().find(epoch.id) != nullptr;
  });
}

}  // namespace

std::vector<std::string_view> unready_reasons(const ServedSet& set, bool ledger_writable, bool draining,
                                              UnixTime now) {
  const UnixTime end = set.first_end();
  const std::array<bool, kUnreadyReasons.size()> holds{
      !has_live_key(set, now), end < now && now.value() - end.value() > kDeadKeyGrace,
      set.announcement().valid_until < now, !ledger_writable, draining};
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < holds.size(); ++i) {
    if (holds[i]) {
      out.push_back(kUnreadyReasons[i]);
    }
  }
  return out;
}

}  // namespace blindbook::service
