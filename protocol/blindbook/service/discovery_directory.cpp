#include "blindbook/directory/root.h"
#include "blindbook/service/discovery_run.h"
#include "blindbook/service/mapped_file.h"
#include "blindbook/service/service_answer.h"

// The last step of a run: the whole directory, from disk where it is the announced one, else from the service.
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
  const EpochId epoch = run_->epoch().id;
  const Edition edition = run_->epoch().edition;
  const std::uint64_t size = run_->epoch().size;
  std::optional<PartialFile> copy;
  if (const auto file = memory_.directory_file(epoch)) {
    if (auto created = PartialFile::create(*file)) {
      copy.emplace(std::move(*created));
    } else {
      go_on_without_copy(copy, created.error());
    }
  }
  std::uint64_t received = 0;
  const auto answer = channel_.get(run_->directory_path(), [&](ByteView chunk) -> Result<void> {
    received += chunk.size();
    if (settings_.progress) {
      settings_.progress(DiscoveryStage::kReadingDirectory, received, size);
    }
    if (auto fed = run_->feed_directory(chunk); !fed) {
      return fed;
    }
    if (copy) {
      if (auto appended = copy->append(chunk); !appended) {
        go_on_without_copy(copy, appended.error());
      }
    }
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
  if (copy) {
    if (auto kept = std::move(*copy).keep(); !kept) {
      go_on_without_copy(copy, kept.error());
      return {};
    }
    remembered().edition = edition;
    if (auto saved = memory_.save(random_); !saved) {
      go_on_without_copy(copy, saved.error());
    }
  }
  return {};
}

/// The directory can be fetched again; what was evaluated cannot be had again for nothing. So a full disk
/// costs the copy and not the run.
void DiscoveryRun::go_on_without_copy(std::optional<PartialFile>& copy, const Error& error) {
  copy.reset();
  notices_.push_back("the directory was not kept for the next run: " + error.message);
}

}  // namespace blindbook::service
