#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/directory/label.h"
#include "blindbook/protocol/announcement.h"

namespace blindbook::service {

/// What a publication asks for; whatever is not given is as before, or the default.
struct LabelRequest {
  std::optional<protocol::LabelMode> mode;    ///< kEmbedded by default
  std::optional<std::uint16_t> label_bytes;   ///< L; by default default_label_bytes() of the longest label
  std::optional<std::string> label_template;  ///< empty by default
};

/// How the labels of one epoch are published: fixed by its first publication, because a relabelled row must
/// not differ from another in anything but its own bytes.
struct LabelSettings {
  protocol::LabelMode mode = protocol::LabelMode::kEmbedded;
  std::optional<std::uint16_t>
      label_bytes;  ///< L; nothing: to be chosen by the longest label. Unused without labels
  directory::LabelTemplate label_template;
  bool is_fixed = false;

  /// Longest label, stripped of the template, that has room.
  [[nodiscard]] std::size_t max_stripped_bytes() const noexcept;
};

/// The settings of each of `epochs`: those of `last` where the epoch was published before; else `request`,
/// then the latest settings in `last`, then the defaults. BadInput "publish.labels" when `request` asks for
/// what cannot be, or for something else than is fixed and no epoch is open to it; "label.template" as
/// LabelTemplate::parse().
[[nodiscard]] Result<std::vector<LabelSettings>> settle_labels(const LabelRequest& request,
                                                               std::span<const EpochId> epochs,
                                                               const protocol::Announcement* last);

}  // namespace blindbook::service
