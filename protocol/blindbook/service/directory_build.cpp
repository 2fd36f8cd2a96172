#include "blindbook/service/directory_build.h"

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "blindbook/directory/header.h"
#include "blindbook/directory/tag.h"

namespace blindbook::service {
namespace {

/// Rows that one thread evaluates at a time: enough for the suite to share an inversion among them.
constexpr std::size_t kRowsPerTask = 512;

}  // namespace

DirectoryBuild::DirectoryBuild(const protocol::EpochKey& key, Edition edition, std::uint16_t label_bytes,
                               directory::LabelTemplate label_template, std::uint64_t rows)
    : key_(&key),
      suite_(oprf::find_suite(key.keys.secret.suite())),
      edition_(edition),
      label_bytes_(label_bytes),
      label_template_(std::move(label_template)),
      sealer_(suite_->id(), key.id, label_bytes),
      builder_(suite_->id(), key.id, edition, label_bytes, label_template_.text()) {
  builder_.reserve(rows);
}

Result<void> DirectoryBuild::add(const SubscriberList::Slice& slice, std::size_t first, std::size_t last,
                                 WorkerPool& pool) {
  std::vector<const SubscriberList::Row*> rows;
  for (std::size_t i = first; i < last; ++i) {
    if (slice.rows[i].fate == SubscriberList::Fate::kPublished) {
      rows.push_back(&slice.rows[i]);
    }
  }
  const std::size_t row_bytes = directory::sealed_bytes(label_bytes_);
  std::vector<Tag> tags(rows.size());
  Bytes sealed(rows.size() * row_bytes);
  std::mutex failure_mutex;
  std::optional<Error> failure;
  pool.parallel_for(rows.size(), kRowsPerTask, [&](std::size_t from, std::size_t to) {
    std::vector<std::string> identifiers;
    std::vector<ByteView> inputs;
    identifiers.reserve(to - from);
    inputs.reserve(to - from);
    for (std::size_t i = from; i < to; ++i) {
      identifiers.push_back(std::string("tel:+").append(std::to_string(rows[i]->number)));
      inputs.push_back(bytes_of(identifiers.back()));
    }
    std::vector<oprf::PrfOutput> outputs(to - from);
    suite_->evaluate_unblinded(key_->keys.secret, inputs, outputs);
    for (std::size_t i = from; i < to; ++i) {
      const ByteView output = outputs[i - from].expose();
      tags[i] = directory::tag_of(output);
      if (row_bytes == 0) {
        continue;
      }
      const std::string label = label_template_.strip(slice.label(*rows[i])).value_or(std::string());
      if (Result<void> done =
              sealer_.seal(output, label, MutableBytes(sealed).subspan(i * row_bytes, row_bytes));
          !done) {
        const std::lock_guard lock(failure_mutex);
        failure = std::move(done.error());
      }
    }
  });
  if (failure) {
    return tl::unexpected<Error>(std::move(*failure));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    builder_.add(tags[i], ByteView(sealed).subspan(i * row_bytes, row_bytes));
  }
  return {};
}

}  // namespace blindbook::service
