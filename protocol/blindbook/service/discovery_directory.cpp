#include "blindbook/base/domains.h"
#include "blindbook/directory/root.h"
#include "blindbook/service/discovery_run.h"
#include "blindbook/service/mapped_file.h"
#include "blindbook/service/service_answer.h"

// The third step of a run: the whole directory, from disk where it is the announced one, else from the
// service.
namespace blindbook::service {

Result<DiscoveryRun::Step> DiscoveryRun::read_directory() {
  const auto file = memory_.directory_file(epoch_->id);
  if (file && remembered().edition == epoch_->edition) {
    auto read = read_held_directory(*file);
    if (!read) {
      return failed(read);
    }
    if (*read) {
      return Step::kDone;
    }
  }
  return fetch_directory();
}

/// True when the directory on disk is the announced one and gave the matches; false when it has to be
/// fetched, which depends on the file alone and on no contact.
Result<bool> DiscoveryRun::read_held_directory(const std::filesystem::path& file) {
  const auto held = MappedFile::open(file);
  if (!held || directory::root_of((*held)->bytes()) != epoch_->root) {
    return false;
  }
  auto reading = awaiting_->read_directory(*epoch_, book_);
  if (!reading) {
    return failed(reading);
  }
  if (auto fed = reading->feed((*held)->bytes()); !fed) {
    return failed(fed);
  }
  return conclude(std::move(*reading)).map([] { return true; });
}

Result<DiscoveryRun::Step> DiscoveryRun::fetch_directory() {
  auto reading = awaiting_->read_directory(*epoch_, book_);
  if (!reading) {
    return failed(reading);
  }
  std::optional<PartialFile> copy;
  if (const auto file = memory_.directory_file(epoch_->id)) {
    if (auto created = PartialFile::create(*file)) {
      copy.emplace(std::move(*created));
    } else {
      go_on_without_copy(copy, created.error());
    }
  }
  const auto take = [&](ByteView chunk) -> Result<void> {
    if (auto fed = reading->feed(chunk); !fed) {
      return fed;
    }
    if (copy) {
      if (auto appended = copy->append(chunk); !appended) {
        go_on_without_copy(copy, appended.error());
      }
    }
    return {};
  };
  std::uint64_t received = 0;
  Bytes begin;  // held back until it shows whether this is a directory or a page of something in between
  bool begun = false;
  const std::string path =
      "/v1/directory/" + epoch_->id.hex() + "/" + std::to_string(epoch_->edition.value());
  const auto answer = channel_.get(path, [&](ByteView chunk) -> Result<void> {
    received += chunk.size();
    report(DiscoveryStage::kReadingDirectory, received, epoch_->size);
    if (begun) {
      return take(chunk);
    }
    begin.insert(begin.end(), chunk.begin(), chunk.end());
    if (begin.size() < magic::kDirectory.size()) {
      return {};
    }
    begun = true;
    auto answered = check_magic(begin, magic::kDirectory);
    return answered ? take(begin) : answered;
  });
  if (!answer) {
    return tl::unexpected<Error>(answer.error());
  }
  if (answer->status == 404 || answer->status == 410) {
    return Step::kAnnounceAgain;  // a publication came between
  }
  if (auto refused = refusal_in(*answer)) {
    return tl::unexpected<Error>(std::move(refused->error));
  }
  if (auto answered = check_magic(begin, magic::kDirectory); !answered) {
    return failed(answered);
  }
  if (auto concluded = conclude(std::move(*reading)); !concluded) {
    return failed(concluded);
  }
  if (copy) {
    if (auto kept = std::move(*copy).keep(); !kept) {
      go_on_without_copy(copy, kept.error());
      return Step::kDone;
    }
    remembered().edition = epoch_->edition;
    if (auto saved = memory_.save(random_); !saved) {
      go_on_without_copy(copy, saved.error());
    }
  }
  return Step::kDone;
}

/// The directory can be fetched again; what was evaluated cannot be had again for nothing. So a full disk
/// costs the copy and not the run.
void DiscoveryRun::go_on_without_copy(std::optional<PartialFile>& copy, const Error& error) {
  copy.reset();
  outcome_.notices.push_back("the directory was not kept for the next run: " + error.message);
}

Result<void> DiscoveryRun::conclude(protocol::DirectoryReading reading) {
  outcome_.not_looked_up = awaiting_->outputs().missing(book_).size();
  auto discovered = std::move(*awaiting_).discover(std::move(reading));
  if (!discovered) {
    return failed(discovered);
  }
  outcome_.unopened_labels = discovered->unopened_labels();
  outcome_.matches = discovered->matches();
  return {};
}

}  // namespace blindbook::service
