#include "blindbook/service/star.h"

#include <filesystem>
#include <utility>

#include "blindbook/directory/patch_algebra.h"
#include "blindbook/directory/root.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/protocol/params.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/mapped_file.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;
using directory::DecodedDirectory;
using directory::Patch;
using protocol::AnnouncedEpoch;
using protocol::AnnouncedPatch;

/// The patch that an announcement named, if its file is still that.
Result<Patch> read_patch(const fs::path& path, const AnnouncedPatch& announced) {
  Result<Bytes> file = read_file(path, static_cast<std::size_t>(announced.size));
  if (!file) {
    return failed(file);
  }
  if (Digest(hash::sha256({*file})) != announced.sha256) {
    return bad_input("served.file", path.string() + " is not the announced patch");
  }
  return directory::parse_patch(*file);
}

class StarWriter {
 public:
  StarWriter(const OperatorFolder& folder, const AnnouncedEpoch& before, const AnnouncedEpoch& now)
      : folder_(folder), before_(before), now_(now) {}

  Result<Star> write(ByteView before_file, ByteView now_file) {
    const Result<DecodedDirectory> before = directory::decode_directory(before_file);
    const Result<DecodedDirectory> now = directory::decode_directory(now_file);
    if (!before || !now) {
      return tl::unexpected<Error>((before ? now : before).error());
    }
    const Result<Patch> today = directory::difference(*before, *now);
    if (!today) {
      return tl::unexpected<Error>(today.error());
    }
    for (const AnnouncedPatch& earlier : before_.patches) {
      if (earlier.from.value() + protocol::kMaxPatchEditions < now_.edition.value()) {
        continue;
      }
      const Result<Patch> patch =
          read_patch(folder_.patch_path(now_.id, earlier.from, before_.edition), earlier);
      if (!patch) {
        lose(earlier.from, patch.error().message);
        continue;
      }
      const Result<Patch> longer = directory::compose(*patch, *before, *today);
      if (!longer) {
        lose(earlier.from, longer.error().message);
      } else if (Result<void> added = add(*longer); !added) {
        return failed(added);
      }
    }
    if (Result<void> added = add(*today); !added) {
      return failed(added);
    }
    return std::move(out_);
  }

 private:
  Result<void> add(const Patch& patch) {
    const Bytes file = directory::encode_patch(patch);
    if (file.size() >= now_.size) {
      return {};
    }
    out_.patches.push_back({.from = patch.from, .size = file.size(), .sha256 = Digest(hash::sha256({file}))});
    return write_file_atomically(folder_.patch_path(now_.id, patch.from, patch.to), file,
                                 FileAccess::kEveryone);
  }

  void lose(Edition from, const std::string& why) {
    out_.notices.push_back("there is no patch from edition " + std::to_string(from.value()) + ": " + why);
  }

  const OperatorFolder& folder_;
  const AnnouncedEpoch& before_;
  const AnnouncedEpoch& now_;
  Star out_;
};

}  // namespace

Result<Star> write_star(const OperatorFolder& folder, const AnnouncedEpoch& before, const AnnouncedEpoch& now,
                        ByteView file) {
  if (Result<void> created = create_folder(folder.patch_folder(now.id), FileAccess::kEveryone); !created) {
    return failed(created);
  }
  const auto held = MappedFile::open(folder.directory_path(before.id, before.edition));
  if (!held || directory::root_of((*held)->bytes()) != before.root) {
    return Star{
        .patches = {},
        .notices = {"there is no patch: the directory of edition " + std::to_string(before.edition.value()) +
                    (held ? " is not the announced one" : " is gone: " + held.error().message)}};
  }
  return StarWriter(folder, before, now).write((*held)->bytes(), file);
}

}  // namespace blindbook::service
