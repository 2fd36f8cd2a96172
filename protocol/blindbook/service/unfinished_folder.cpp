#include "blindbook/service/unfinished_folder.h"

#include <system_error>
#include <utility>

#include "blindbook/service/atomic_file.h"

namespace blindbook::service {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// An operator's folder whose config.json, written last, is missing, and that nobody has published with.
bool is_left_by_a_killed_run(const fs::path& folder) {
  std::error_code ignored;
  return is_there(folder / "keys") && !is_there(folder / "config.json") &&
         !is_there(folder / "public/announcement.bba") &&
         (!is_there(folder / "log") || fs::is_empty(folder / "log", ignored));
}

}  // namespace

UnfinishedFolder::~UnfinishedFolder() {
  if (complete_) {
    return;
  }
  std::error_code ignored;
  for (const fs::path& path : made_) {
    fs::remove_all(path, ignored);
  }
  for (auto folder = made_folders_.rbegin(); folder != made_folders_.rend(); ++folder) {
    fs::remove(*folder, ignored);  // refused when somebody else has put something there
  }
}

Result<void> UnfinishedFolder::begin(const fs::path& folder) {
  std::error_code error;
  if (is_there(folder) && !fs::is_directory(folder, error)) {
    return bad_input("folder.exists", folder.string() + " exists and is not a folder", "name a new folder");
  }
  if (Result<void> ready = make_folder(folder); !ready) {
    return ready;
  }
  Result<FileLock> lock =
      FileLock::acquire_folder(folder, "folder.exists", "another run is making " + folder.string());
  if (!lock) {
    made_folders_.clear();  // whoever holds the lock needs the folder, whoever made it
    return failed(lock);
  }
  lock_ = std::move(*lock);
  if (!fs::is_empty(folder, error)) {
    made_folders_.clear();
    if (is_left_by_a_killed_run(folder)) {
      return bad_input("folder.unfinished",
                       folder.string() + " is what a run that was cut off has left of it",
                       "nothing was published with it: remove " + folder.string() + " and do the same again");
    }
    return bad_input("folder.exists", folder.string() + " exists and is not empty", "name a new folder");
  }
  return {};
}

Result<void> UnfinishedFolder::make_folder(const fs::path& folder) {
  if (!is_there(folder)) {
    made_folders_.push_back(folder);  // also when it can be made, but not durably
  }
  return create_folder(folder, FileAccess::kOwnerOnly);
}

}  // namespace blindbook::service
