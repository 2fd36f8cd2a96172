#include "blindbook/service/label_settings.h"

#include <algorithm>
#include <utility>

#include "blindbook/directory/header.h"

namespace blindbook::service {
namespace {

using directory::LabelTemplate;
using protocol::AnnouncedEpoch;
using protocol::LabelMode;

Result<LabelSettings> settings_of(const AnnouncedEpoch& epoch) {
  Result<LabelTemplate> text = LabelTemplate::parse(epoch.label_template);
  if (!text) {
    return failed(text);
  }
  LabelSettings settings{
      .mode = epoch.label_mode, .label_bytes = {}, .label_template = std::move(*text), .is_fixed = true};
  if (epoch.label_mode != LabelMode::kNone) {
    settings.label_bytes = epoch.label_bytes;
  }
  return settings;
}

bool agrees(const LabelRequest& request, const LabelSettings& fixed) {
  return (!request.mode || *request.mode == fixed.mode) &&
         (!request.label_bytes || request.label_bytes == fixed.label_bytes) &&
         (!request.label_template || *request.label_template == fixed.label_template.text());
}

Result<void> check(const LabelRequest& request) {
  if (request.mode == LabelMode::kNone && (request.label_bytes || request.label_template)) {
    return bad_input("publish.labels", "without labels there is neither a label length nor a template",
                     "leave out --label-bytes and --label-template, or --labels none");
  }
  if (request.label_bytes && (*request.label_bytes < directory::kMinLabelBytes ||
                              *request.label_bytes > directory::kMaxLabelBytes)) {
    return bad_input("publish.labels",
                     "a label field has 2 to 512 bytes, of which two hold the label's length",
                     "leave out --label-bytes to fit the longest label");
  }
  return {};
}

/// What a new epoch begins with: the request over what the epoch before it had.
Result<LabelSettings> first_settings(const LabelRequest& request,
                                     const std::optional<LabelSettings>& before) {
  LabelSettings settings;
  settings.mode = request.mode.value_or(before ? before->mode : LabelMode::kEmbedded);
  if (settings.mode == LabelMode::kNone) {
    return settings;
  }
  settings.label_bytes = request.label_bytes ? request.label_bytes
                         : before            ? before->label_bytes
                                             : std::nullopt;
  Result<LabelTemplate> text = LabelTemplate::parse(
      request.label_template.value_or(before ? before->label_template.text() : std::string()));
  if (!text) {
    return failed(text);
  }
  settings.label_template = std::move(*text);
  return settings;
}

}  // namespace

std::size_t LabelSettings::max_stripped_bytes() const noexcept {
  return label_bytes.value_or(directory::kMaxLabelBytes) - std::size_t{directory::kMinLabelBytes};
}

Result<std::vector<LabelSettings>> settle_labels(const LabelRequest& request, std::span<const EpochId> epochs,
                                                 const protocol::Announcement* last) {
  if (Result<void> checked = check(request); !checked) {
    return failed(checked);
  }
  std::optional<LabelSettings> before;
  std::vector<LabelSettings> all(epochs.size());
  for (std::size_t i = 0; last != nullptr && i < last->epochs.size(); ++i) {
    const AnnouncedEpoch& announced = last->epochs[i];
    if (announced.edition == Edition(0)) {
      continue;
    }
    Result<LabelSettings> settings = settings_of(announced);
    if (!settings) {
      return failed(settings);
    }
    before = *settings;
    const auto at = std::find(epochs.begin(), epochs.end(), announced.id);
    if (at != epochs.end()) {
      all[static_cast<std::size_t>(at - epochs.begin())] = std::move(*settings);
    }
  }
  const bool any_open =
      std::any_of(all.begin(), all.end(), [](const LabelSettings& one) { return !one.is_fixed; });
  for (LabelSettings& settings : all) {
    if (!settings.is_fixed) {
      Result<LabelSettings> first = first_settings(request, before);
      if (!first) {
        return failed(first);
      }
      settings = std::move(*first);
    } else if (!any_open && !agrees(request, settings)) {
      return bad_input("publish.labels",
                       "how labels are published is fixed for an epoch by its first publication",
                       "leave the label options out");
    }
  }
  return all;
}

}  // namespace blindbook::service
