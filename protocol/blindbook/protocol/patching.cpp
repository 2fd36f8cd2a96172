#include "blindbook/protocol/patching.h"

#include <algorithm>

#include "blindbook/directory/patch.h"
#include "blindbook/directory/root.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::protocol {

const AnnouncedPatch* patch_from(const AnnouncedEpoch& epoch, Edition held) noexcept {
  const auto found = std::ranges::find(epoch.patches, held, &AnnouncedPatch::from);
  return found == epoch.patches.end() || found->size >= epoch.size ? nullptr : &*found;
}

std::string patch_name(const EpochId& epoch, Edition from, Edition to) {
  std::string out = epoch.hex();
  out.append("/").append(std::to_string(from.value())).append("-").append(std::to_string(to.value()));
  return out;
}

Result<Bytes> apply_announced_patch(ByteView held, ByteView patch_file, const AnnouncedPatch& announced,
                                    const AnnouncedEpoch& epoch) {
  if (patch_file.size() != announced.size || Digest(hash::sha256({patch_file})) != announced.sha256) {
    return peer_misbehaved("patch.file", "what came is not the announced patch");
  }
  const Result<directory::Patch> patch = directory::parse_patch(patch_file);
  if (!patch) {
    return tl::unexpected<Error>(patch.error());
  }
  Result<Bytes> file = directory::apply_patch(held, *patch);
  if (!file) {
    return file;
  }
  if (file->size() != epoch.size || directory::root_of(*file) != epoch.root) {
    return peer_misbehaved("patch.root", "the patch does not lead to the announced directory");
  }
  return file;
}

}  // namespace blindbook::protocol
