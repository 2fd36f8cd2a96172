#pragma once

#include <string>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/service/operator_folder.h"

namespace blindbook::service {

/// The star of an edition: a patch to it from each of the last kMaxPatchEditions editions of its epoch.
struct Star {
  std::vector<protocol::AnnouncedPatch> patches;  ///< `from` rises
  /// Why patches are missing, a clause each for a person: clients fetch the whole directory in their place.
  std::vector<std::string> notices;
};

/// Makes the star of edition `now`, whose file is `file`, out of the edition `before` and its star, and writes it below
/// their announced names, which no announcement has yet. Nothing of an older edition is needed. A patch that is not
/// smaller than the directory is left out. Unavailable "file.write", "file.folder".
[[nodiscard]] Result<Star> write_star(const OperatorFolder& folder, const protocol::AnnouncedEpoch& before,
                                      const protocol::AnnouncedEpoch& now, ByteView file);

}  // namespace blindbook::service
