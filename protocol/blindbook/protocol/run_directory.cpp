// What a run does with a directory; the rest is run.cpp.
#include <algorithm>
#include <utility>

#include "blindbook/base/domains.h"
#include "blindbook/protocol/answer_magic.h"
#include "blindbook/protocol/run.h"

namespace blindbook::protocol {

std::string Run::directory_path() const {
  return "/v1/directory/" + epoch_->id.hex() + "/" + std::to_string(epoch_->edition.value());
}

Result<void> Run::begin_directory() {
  if (auto expected = expect(RunNeed::kDirectory); !expected) {
    return expected;
  }
  auto reading = awaiting_->read_directory(*epoch_, book_);
  if (!reading) {
    return end_by(reading);
  }
  reading_.emplace(std::move(*reading));
  beginning_.clear();
  begun_ = false;
  return {};
}

Result<void> Run::feed_directory(ByteView chunk) {
  auto expected = expect(RunNeed::kDirectory);
  if (!expected || !reading_) {
    return expected ? Result<void>(api_misuse("run.order", "no directory is being read")) : expected;
  }
  if (!begun_) {
    const ByteView missing =
        chunk.first(std::min(chunk.size(), magic::kDirectory.size() - beginning_.size()));
    beginning_.insert(beginning_.end(), missing.begin(), missing.end());
    chunk = chunk.subspan(missing.size());
    if (beginning_.size() < magic::kDirectory.size()) {
      return {};
    }
    if (auto answered = check_magic(beginning_, magic::kDirectory); !answered) {
      return end_by(answered);
    }
    begun_ = true;
    if (auto fed = reading_->feed(beginning_); !fed) {
      return end_by(fed);
    }
  }
  if (auto fed = reading_->feed(chunk); !fed) {
    return end_by(fed);
  }
  return {};
}

Result<void> Run::finish_directory() {
  auto expected = expect(RunNeed::kDirectory);
  if (!expected || !reading_) {
    return expected ? Result<void>(api_misuse("run.order", "no directory is being read")) : expected;
  }
  if (!begun_) {
    return end_by(check_magic(beginning_, magic::kDirectory));
  }
  outcome_.not_looked_up = awaiting_->outputs().missing(book_).size();
  auto discovered = std::move(*awaiting_).discover(std::move(*reading_));
  awaiting_.reset();
  reading_.reset();
  if (!discovered) {
    return end_by(discovered);
  }
  outcome_.unopened_labels = discovered->unopened_labels();
  outcome_.matches = discovered->matches();
  need_ = RunNeed::kNothing;
  return {};
}

Result<void> Run::directory_gone() {
  if (auto expected = expect(RunNeed::kDirectory); !expected) {
    return expected;
  }
  reading_.reset();
  return announce_again();
}

}  // namespace blindbook::protocol
