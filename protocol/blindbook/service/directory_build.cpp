#include "blindbook/service/directory_build.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "blindbook/directory/header.h"
#include "blindbook/directory/tag.h"

namespace blindbook::service {
namespace {

/// Rows that one thread evaluates at a time: enough for the suite to share an inversion among them.
constexpr std::size_t kRowsPerTask = 512;

/// The text of an identifier, "tel:+" and at most 15 digits, without the heap: a list has millions of them.
class IdentifierText {
 public:
  explicit IdentifierText(std::uint64_t number) noexcept {
    constexpr std::string_view kBegin = "tel:+";
    char* const digits = std::copy(kBegin.begin(), kBegin.end(), text_.data());
    size_ = static_cast<std::size_t>(std::to_chars(digits, text_.data() + text_.size(), number).ptr -
                                     text_.data());
  }
  [[nodiscard]] ByteView bytes() const noexcept { return bytes_of({text_.data(), size_}); }

 private:
  std::array<char, 20> text_;
  std::size_t size_;
};

/// The PRF outputs of `rows`.
std::vector<oprf::PrfOutput> evaluate(const oprf::Suite& suite, const protocol::EpochKey& key,
                                      std::span<const SubscriberList::Row* const> rows) {
  std::vector<IdentifierText> texts;
  std::vector<ByteView> inputs;
  texts.reserve(rows.size());
  inputs.reserve(rows.size());
  for (const SubscriberList::Row* row : rows) {
    inputs.push_back(texts.emplace_back(row->number).bytes());
  }
  std::vector<oprf::PrfOutput> outputs(rows.size());
  suite.evaluate_unblinded(key.keys.secret, inputs, outputs);
  return outputs;
}

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

Result<void> DirectoryBuild::add(const SubscriberList::Slice& slice, WorkerPool& pool,
                                 const std::function<void(std::uint64_t done)>& progress) {
  std::vector<const SubscriberList::Row*> rows;
  rows.reserve(slice.rows.size());
  for (const SubscriberList::Row& row : slice.rows) {
    if (row.fate == SubscriberList::Fate::kPublished) {
      rows.push_back(&row);
    }
  }
  std::size_t done = 0;
  std::optional<Error> failure;
  std::mutex mutex;  // of the two above and the builder
  const std::thread::id caller = std::this_thread::get_id();
  pool.parallel_for(rows.size(), kRowsPerTask, [&](std::size_t first, std::size_t last) {
    const auto some = std::span(rows).subspan(first, last - first);
    const std::vector<oprf::PrfOutput> outputs = evaluate(*suite_, *key_, some);
    const Result<Bytes> sealed = seal(slice, some, outputs);
    std::unique_lock lock(mutex);
    if (!sealed) {
      failure = sealed.error();
      return;
    }
    add_rows(outputs, *sealed);
    done += some.size();
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

Result<Bytes> DirectoryBuild::seal(const SubscriberList::Slice& slice,
                                   std::span<const SubscriberList::Row* const> rows,
                                   std::span<const oprf::PrfOutput> outputs) const {
  Bytes sealed(rows.size() * directory::sealed_bytes(label_bytes_));
  if (label_bytes_ == 0) {
    return sealed;
  }
  std::vector<directory::LabelToSeal> labels;
  labels.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    labels.push_back({outputs[i].expose(), label_template_.strip(slice.label(*rows[i])).value_or("")});
  }
  if (Result<void> done = sealer_.seal_batch(labels, sealed); !done) {
    return failed(done);
  }
  return sealed;
}

// In whatever order the threads come: a directory is of the multiset of its rows.
void DirectoryBuild::add_rows(std::span<const oprf::PrfOutput> outputs, ByteView sealed) {
  const std::size_t row_bytes = directory::sealed_bytes(label_bytes_);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    builder_.add(directory::tag_of(outputs[i].expose()), sealed.subspan(i * row_bytes, row_bytes));
  }
}

}  // namespace blindbook::service
