#include "blindbook/directory/root.h"
#include "blindbook/service/discovery_run.h"
#include "blindbook/service/mapped_file.h"
#include "blindbook/service/service_answer.h"

// The last step of a run: the whole directory, from disk where it is the announced one, by a patch where that leads to
// it (discovery_patch.cpp), else from the service.
namespace blindbook::service {

protocol::EpochMemory& DiscoveryRun::remembered() {
  return memory_.state().remember(run_->epoch().id, run_->epoch().not_after);
}

Result<void> DiscoveryRun::read_directory() {
  const auto file = memory_.directory_file(run_->epoch().id);
  if (file && remembered().edition == run_->epoch().edition) {
    auto read = read_held_directory(*file);
    if (!read) {
      return failed(read);
    }
    if (*read) {
      return {};
    }
  } else if (file && remembered().edition != Edition(0)) {
    const auto patched = patched_directory(*file);
    if (!patched) {
      return tl::unexpected<Error>(patched.error());
    }
    if (*patched) {
      return read_patched_directory(**patched);
    }
  }
  return fetch_directory();
}

/// True when the directory on disk is the announced one and gave the matches; false when it has to be
/// fetched, which depends on the file alone and on no contact.
Result<bool> DiscoveryRun::read_held_directory(const std::filesystem::path& file) {
  const auto held = MappedFile::open(file);
  if (!held || directory::root_of((*held)->bytes()) != run_->epoch().root) {
    return false;
  }
  auto read = run_->begin_directory();
  if (read) {
    read = run_->feed_directory((*held)->bytes());
  }
  if (read) {
    read = run_->finish_directory();
  }
  if (!read) {
    return failed(read);
  }
  return true;
}

Result<void> DiscoveryRun::fetch_directory() {
  if (auto begun = run_->begin_directory(); !begun) {
    return begun;
  }
  const Edition edition = run_->epoch().edition;
  const std::uint64_t size = run_->epoch().size;
  std::optional<PartialFile> copy = begin_copy();
  std::uint64_t received = 0;
  const auto answer = channel_.get(run_->directory_path(), [&](ByteView chunk) -> Result<void> {
    received += chunk.size();
    if (settings_.progress) {
      settings_.progress(DiscoveryStage::kReadingDirectory, received, size);
    }
    if (auto fed = run_->feed_directory(chunk); !fed) {
      return fed;
    }
    append_to(copy, chunk);
    return {};
  });
  if (!answer) {
    return tl::unexpected<Error>(answer.error());
  }
  if (answer->status == 404 || answer->status == 410) {
    return run_->directory_gone();
  }
  if (auto refused = refusal_in(*answer)) {
    return tl::unexpected<Error>(std::move(refused->error));
  }
  if (auto finished = run_->finish_directory(); !finished) {
    return finished;
  }
  keep(std::move(copy), edition);
  return {};
}

// The copy on disk for the next run. The directory can be fetched again; what was evaluated cannot be had again for
// nothing. So a full disk costs the copy and not the run.

std::optional<PartialFile> DiscoveryRun::begin_copy() {
  const auto file = memory_.directory_file(run_->epoch().id);
  if (!file) {
    return std::nullopt;
  }
  auto created = PartialFile::create(*file);
  if (!created) {
    go_on_without_copy(created.error());
    return std::nullopt;
  }
  return std::optional(std::move(*created));
}

void DiscoveryRun::append_to(std::optional<PartialFile>& copy, ByteView bytes) {
  if (!copy) {
    return;
  }
  if (auto appended = copy->append(bytes); !appended) {
    copy.reset();
    go_on_without_copy(appended.error());
  }
}

void DiscoveryRun::keep(std::optional<PartialFile> copy, Edition edition) {
  if (!copy) {
    return;
  }
  auto kept = std::move(*copy).keep();
  if (kept) {
    remembered().edition = edition;
    kept = memory_.save(random_);
  }
  if (!kept) {
    go_on_without_copy(kept.error());
  }
}

void DiscoveryRun::go_on_without_copy(const Error& error) {
  notices_.push_back("the directory was not kept for the next run: " + error.message);
}

}  // namespace blindbook::service
