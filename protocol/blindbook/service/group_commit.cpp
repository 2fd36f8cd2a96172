#include "blindbook/service/group_commit.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace blindbook::service {

GroupCommit::GroupCommit(std::size_t charges, Commit commit)
    : charges_(charges), commit_(std::move(commit)) {}

Result<ChargeOutcome> GroupCommit::charge(const Charge& charge, UnixTime now) {
  Waiting own{{.charge = charge, .now = now}};
  std::unique_lock lock(mutex_);
  queue_.push_back(&own);
  while (own.stage != Waiting::Stage::kDone) {
    if (own.stage == Waiting::Stage::kQueued && !committing_) {
      lead(lock);  // for everyone who waits
    } else {
      changed_.wait(lock);
    }
  }
  if (own.thrown) {
    std::rethrow_exception(own.thrown);
  }
  return std::move(*own.outcome);
}

void GroupCommit::lead(std::unique_lock<std::mutex>& lock) {
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(charges_, queue_.size()));
  const std::vector<Waiting*> led(queue_.begin(), end);
  queue_.erase(queue_.begin(), end);
  for (Waiting* waiting : led) {
    waiting->stage = Waiting::Stage::kUnderWay;
  }
  committing_ = true;
  lock.unlock();
  std::exception_ptr thrown;
  try {
    commit_({led.begin(), led.end()});
  } catch (...) {
    thrown = std::current_exception();  // most likely out of memory: nothing was committed
  }
  lock.lock();
  committing_ = false;
  for (Waiting* waiting : led) {
    waiting->thrown = thrown;
    waiting->stage = Waiting::Stage::kDone;
  }
  changed_.notify_all();
}

}  // namespace blindbook::service
