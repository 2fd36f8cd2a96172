#include "blindbook/service/directory_build.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "blindbook/directory/header.h"
#include "blindbook/directory/rows.h"
#include "blindbook/directory/tag.h"
#include "blindbook/service/edition_change.h"
#include "blindbook/service/identifier_text.h"

namespace blindbook::service {

using protocol::LabelMode;

namespace {

/// Rows that one thread evaluates at a time: enough for the suite to share an inversion among them.
constexpr std::size_t kRowsPerTask = 512;

}  // namespace

/// A row that the edition before does not have.
struct DirectoryBuild::Fresh {
  const SubscriberList::Row* row;
  std::optional<RowHash> hash;  // nothing without an index
  NumberHash number = {};
};

DirectoryBuild::DirectoryBuild(const protocol::EpochKey& key, Edition edition, protocol::LabelMode label_mode,
                               std::uint16_t label_bytes, directory::LabelTemplate label_template,
                               std::uint64_t rows, const EpochMemory* memory, std::size_t position)
    : key_(&key),
      suite_(oprf::find_suite(key.keys.secret.suite())),
      edition_(edition),
      label_mode_(label_mode),
      label_bytes_(label_bytes),
      label_template_(std::move(label_template)),
      memory_(memory),
      position_(position),
      sealer_(suite_->id(), key.id, label_bytes),
      builder_(suite_->id(), key.id, edition, label_mode == LabelMode::kEmbedded ? label_bytes : 0,
               label_mode == LabelMode::kEmbedded ? label_template_.text() : std::string()),
      store_(label_bytes) {
  if (label_mode == LabelMode::kResolve) {
    store_.reserve(rows);
  }
  if (memory_ != nullptr && memory_->cache) {
    kept_.resize(memory_->cache->size());
    return;  // what is new are a few
  }
  builder_.reserve(rows);
  if (memory_ != nullptr && memory_->index && memory_->rules) {
    fresh_.reserve(rows);
  }
}

Result<void> DirectoryBuild::add(const SubscriberList::Slice& slice, WorkerPool& pool,
                                 const std::function<void(std::uint64_t done)>& progress) {
  const std::vector<Fresh> rows = take_known(slice);
  std::size_t done = 0;
  std::optional<Error> failure;
  std::mutex mutex;  // of the two above and the builder
  const std::thread::id caller = std::this_thread::get_id();
  pool.parallel_for(rows.size(), kRowsPerTask, [&](std::size_t first, std::size_t last) {
    const std::vector<Fresh> some = hash_numbers(std::span(rows).subspan(first, last - first));
    std::vector<IdentifierText> texts;
    std::vector<ByteView> inputs;
    texts.reserve(some.size());
    inputs.reserve(some.size());
    for (const Fresh& fresh : some) {
      inputs.push_back(texts.emplace_back(fresh.row->number).bytes());
    }
    std::vector<oprf::PrfOutput> outputs(some.size());
    suite_->evaluate_unblinded(key_->keys.secret, inputs, outputs);
    const Result<Labels> labels = seal(slice, some, outputs);
    std::unique_lock lock(mutex);
    if (!labels) {
      failure = labels.error();
      return;
    }
    add_rows(some, outputs, *labels);
    evaluated_ += some.size();
    erased_ += last - first - some.size();
    done += last - first;
    const std::size_t so_far = done;
    lock.unlock();
    if (progress && std::this_thread::get_id() == caller) {
      progress(slice.rows.size() * so_far / rows.size());
    }
  });
  if (failure) {
    return tl::unexpected<Error>(std::move(*failure));
  }
  return {};
}

/// The rows that are not known; of those that are, `kept_` is told.
std::vector<DirectoryBuild::Fresh> DirectoryBuild::take_known(const SubscriberList::Slice& slice) {
  std::vector<Fresh> fresh;
  if (kept_.empty()) {
    fresh.reserve(slice.rows.size());
  }
  for (std::size_t i = 0; i < slice.rows.size(); ++i) {
    if (slice.rows[i].fate != SubscriberList::Fate::kPublished) {
      continue;
    }
    const RowLookup lookup = slice.places.at(i, position_);
    if (lookup.place) {
      kept_[*lookup.place] = true;
    } else {
      fresh.push_back({.row = &slice.rows[i], .hash = lookup.row});
    }
  }
  return fresh;
}

std::vector<DirectoryBuild::Fresh> DirectoryBuild::hash_numbers(std::span<const Fresh> rows) const {
  std::vector<Fresh> out;
  out.reserve(rows.size());
  for (Fresh fresh : rows) {
    if (fresh.hash) {
      fresh.number = memory_->index->identifier(IdentifierText(fresh.row->number).bytes());
      if (memory_->erased.contains(fresh.number)) {
        continue;
      }
    }
    out.push_back(fresh);
  }
  return out;
}

Result<DirectoryBuild::Labels> DirectoryBuild::seal(const SubscriberList::Slice& slice,
                                                    std::span<const Fresh> rows,
                                                    std::span<const oprf::PrfOutput> outputs) const {
  Labels out;
  if (label_bytes_ == 0) {
    return out;
  }
  out.sealed.resize(rows.size() * directory::sealed_bytes(label_bytes_));
  std::vector<directory::LabelToSeal> labels;
  labels.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    labels.push_back({outputs[i].expose(), label_template_.strip(slice.label(*rows[i].row)).value_or("")});
  }
  if (Result<void> done = sealer_.seal_batch(labels, out.sealed); !done) {
    return failed(done);
  }
  if (label_mode_ == LabelMode::kResolve) {
    out.handles.reserve(rows.size());
    for (const oprf::PrfOutput& output : outputs) {
      Result<directory::Handle> handle = sealer_.handle(output.expose());
      if (!handle) {
        return failed(handle);
      }
      out.handles.push_back(*handle);
    }
  }
  return out;
}

// In whatever order the threads come: directory, store and cache are of the set of their rows.
void DirectoryBuild::add_rows(std::span<const Fresh> rows, std::span<const oprf::PrfOutput> outputs,
                              const Labels& labels) {
  const std::size_t row_bytes = directory::sealed_bytes(label_bytes_);
  const bool resolves = label_mode_ == LabelMode::kResolve;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Tag tag = directory::tag_of(outputs[i].expose());
    const ByteView sealed = ByteView(labels.sealed).subspan(i * row_bytes, row_bytes);
    const ByteView column = resolves ? ByteView() : sealed;
    builder_.add(tag, column);
    if (resolves) {
      store_.add(labels.handles[i], sealed);
    }
    if (rows[i].hash && memory_->rules) {
      PublishCacheEntry& entry = fresh_.emplace_back();
      entry.row = *rows[i].hash;
      entry.number = rows[i].number;
      entry.tag = tag.value();
      std::copy_n(column.begin(), std::min(column.size(), entry.siv.size()), entry.siv.begin());
      if (resolves) {
        entry.handle = labels.handles[i];
      }
    }
  }
}

Result<Bytes> DirectoryBuild::finish() {
  Result<Bytes> file = std::move(builder_).finish();
  return file && !kept_.empty() ? change_edition_before(*file) : std::move(file);
}

/// `joins`: the directory of the rows that were evaluated.
Result<Bytes> DirectoryBuild::change_edition_before(ByteView joins) {
  const PublishCache& cache = *memory_->cache;
  std::vector<RowName> leaving;
  std::vector<directory::Handle> handles;  // of those
  for (std::uint32_t place = 0; place < cache.size(); ++place) {
    // A run that was killed may have erased a number and not yet made an edition without it.
    if (kept_[place] && memory_->erased.size() != 0 && memory_->erased.contains(cache.number_at(place))) {
      kept_[place] = false;
      ++erased_;
    }
    if (!kept_[place]) {
      const PublishCacheEntry entry = cache[place];
      leaving.push_back({entry.tag, entry.siv});
      handles.push_back(entry.handle);
    }
  }
  if (label_mode_ == LabelMode::kResolve) {
    std::sort(handles.begin(), handles.end());
    store_.add_from(*memory_->labels, handles);
  }
  const Result<directory::DecodedDirectory> joining = directory::decode_directory(joins);
  if (!joining) {
    return tl::unexpected<Error>(joining.error());
  }
  std::vector<std::uint64_t> leavers;
  if (!leaving.empty()) {
    const auto before = directory::decode_directory(memory_->before->bytes());
    if (!before) {
      return tl::unexpected<Error>(before.error());
    }
    Result<std::vector<std::uint64_t>> ranks = ranks_of(*before, std::move(leaving));
    if (!ranks) {
      return failed(ranks);
    }
    leavers = std::move(*ranks);
  }
  return change_directory(memory_->before->bytes(), std::move(leavers), joining->rows(), edition_);
}

Result<void> DirectoryBuild::write_cache(const std::filesystem::path& path,
                                         const PublishCacheHeader& header) {
  return write_publish_cache(
      path, *memory_->index, header,
      {.before = kept_.empty() ? nullptr : &*memory_->cache, .kept = &kept_, .fresh = &fresh_});
}

}  // namespace blindbook::service
