#include "blindbook/protocol/patching.h"
#include "blindbook/service/discovery_run.h"
#include "blindbook/service/mapped_file.h"
#include "blindbook/service/service_answer.h"

// The last step of a run that holds an earlier edition: one patch leads from there to the announced directory.
namespace blindbook::service {

/// Nothing when the directory has to be fetched whole: there is no patch from the held edition, or it does not lead to
/// the announced directory. That depends on the files alone and on no contact.
Result<std::optional<Bytes>> DiscoveryRun::patched_directory(const std::filesystem::path& file) {
  const protocol::AnnouncedEpoch& epoch = run_->epoch();
  const protocol::AnnouncedPatch* announced = protocol::patch_from(epoch, remembered().edition);
  const auto held = MappedFile::open(file);
  if (announced == nullptr || !held) {
    return std::optional<Bytes>();
  }
  Bytes patch;
  bool too_long = false;
  const auto sink = [&](ByteView chunk) -> Result<void> {
    if (chunk.size() > announced->size - patch.size()) {
      too_long = true;
      return peer_misbehaved("patch.file", "the patch is longer than announced");
    }
    patch.insert(patch.end(), chunk.begin(), chunk.end());
    return {};
  };
  const auto answer =
      channel_.get("/v1/patch/" + protocol::patch_name(epoch.id, announced->from, epoch.edition), sink);
  if (!answer && !too_long) {
    return tl::unexpected<Error>(answer.error());
  }
  if (!answer || answer->status != 200) {
    return std::optional<Bytes>();
  }
  auto directory = protocol::apply_announced_patch((*held)->bytes(), patch, *announced, epoch);
  if (!directory) {
    notices_.push_back("the directory was fetched whole: " + directory.error().message);
    return std::optional<Bytes>();
  }
  return std::optional(std::move(*directory));
}

Result<void> DiscoveryRun::read_patched_directory(ByteView directory) {
  if (auto begun = run_->begin_directory(); !begun) {
    return begun;
  }
  std::optional<PartialFile> copy = begin_copy();
  append_to(copy, directory);
  const Edition edition = run_->epoch().edition;
  if (auto fed = run_->feed_directory(directory); !fed) {
    return fed;
  }
  if (auto finished = run_->finish_directory(); !finished) {
    return finished;
  }
  keep(std::move(copy), edition);
  return {};
}

}  // namespace blindbook::service
