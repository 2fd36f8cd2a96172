#include "cli/client_month.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <system_error>

#include "blindbook/directory/label_seal.h"
#include "blindbook/directory/patch.h"
#include "blindbook/model/client_life.h"
#include "blindbook/service/atomic_file.h"

namespace blindbook::cli {
namespace {

// Where nothing was measured yet: what docs/performance.md measures with.
constexpr double kAssumedJoins = 0.005;
constexpr double kAssumedLeaves = 0.001;

struct Measured {
  model::Churn daily;
  std::uint32_t editions = 0;  ///< 0: assumed
};

/// One edition a day, as the operator's guide asks for.
std::optional<Measured> measure(const service::OperatorFolder& folder,
                                const protocol::AnnouncedEpoch& epoch) {
  const auto oldest =
      std::min_element(epoch.patches.begin(), epoch.patches.end(),
                       [](const auto& a, const auto& b) { return a.from.value() < b.from.value(); });
  if (oldest == epoch.patches.end()) {
    return std::nullopt;
  }
  const auto file = service::read_file(folder.patch_path(epoch.id, oldest->from, epoch.edition),
                                       static_cast<std::size_t>(oldest->size));
  const auto patch = file ? directory::parse_patch(*file) : tl::unexpected<Error>(file.error());
  if (!patch) {
    return std::nullopt;
  }
  const std::uint32_t editions = epoch.edition.value() - oldest->from.value();
  return Measured{.daily = {.joins = static_cast<double>(patch->tags.size()) / editions,
                            .leaves = static_cast<double>(patch->leavers.size()) / editions},
                  .editions = editions};
}

std::uint64_t rounded_up(double value) {
  return static_cast<std::uint64_t>(std::ceil(value));
}

}  // namespace

void add_client_month(Facts& facts, const service::OperatorFolder& folder,
                      const protocol::AnnouncedEpoch& epoch) {
  const double entries = static_cast<double>(epoch.entries);
  const Measured churn = measure(folder, epoch)
                             .value_or(Measured{.daily = {.joins = kAssumedJoins * entries,
                                                          .leaves = kAssumedLeaves * entries}});
  // In an epoch without labels nobody has said how long they would be.
  const std::uint64_t label_bytes =
      epoch.label_bytes != 0 ? epoch.label_bytes : directory::default_label_bytes(0).value();
  std::error_code ignored;
  const auto announcement = std::filesystem::file_size(folder.announcement_path(), ignored);
  const auto month = [&](bool labels) {
    return model::client_month_bytes(
        {.directory = {.entries = epoch.entries,
                       .label_bytes = labels ? label_bytes : 0,
                       .template_bytes = labels ? epoch.label_template.size() : 0},
         .daily = churn.daily,
         .announcement = ignored ? 0 : static_cast<std::uint64_t>(announcement)});
  };
  const std::uint64_t embedded = month(true);
  const std::uint64_t none = month(false);
  facts.add("client_bytes_a_month", epoch.column_label_bytes() != 0 ? embedded : none);
  facts.add("client_month", Facts()
                                .add("joins_a_day", rounded_up(churn.daily.joins))
                                .add("leaves_a_day", rounded_up(churn.daily.leaves))
                                .add("churn", churn.editions == 0 ? "assumed" : "measured")
                                .add("editions_measured", churn.editions)
                                .add("label_bytes", label_bytes)
                                .add("labels_embedded", embedded)
                                .add("labels_none", none)
                                .add("labels_resolved", none)
                                .add("each_label_resolved", model::resolve_bytes(label_bytes)));
}

}  // namespace blindbook::cli
