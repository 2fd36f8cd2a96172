#include "blindbook/service/fair_queue.h"

#include <algorithm>
#include <utility>

namespace blindbook::service {

std::optional<FairQueue::Task> FairQueue::push(Task task) {
  std::optional<Task> displaced;
  if (waiting_.size() >= limit_) {
    std::size_t most = count(task.owner) + 1;
    auto victim = waiting_.end();
    for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
      if (!it->task.refuse) {
        continue;
      }
      const std::size_t held = count(it->task.owner);
      // The newest of an owner is its last; of two owners with equally many, the one whose first came earlier.
      if (held > most || (victim != waiting_.end() && it->task.owner == victim->task.owner)) {
        most = held;
        victim = it;
      }
    }
    if (victim == waiting_.end()) {
      return task;
    }
    displaced = std::move(victim->task);
    waiting_.erase(victim);
  }
  // An owner begins where it has got to, or now, when nothing of it waits: no credit is saved up.
  std::uint64_t begin = now_;
  for (const Waiting& one : waiting_) {
    if (one.task.owner == task.owner) {
      begin = std::max(begin, one.finish);
    }
  }
  const std::uint64_t finish = begin + task.cost;
  waiting_.push_back({finish, std::move(task)});
  return displaced;
}

FairQueue::Task FairQueue::pop() {
  const auto next = std::min_element(waiting_.begin(), waiting_.end(),
                                     [](const Waiting& a, const Waiting& b) { return a.finish < b.finish; });
  now_ = next->finish;
  Task out = std::move(next->task);
  waiting_.erase(next);
  return out;
}

std::size_t FairQueue::count(const std::string& owner) const {
  return static_cast<std::size_t>(std::count_if(waiting_.begin(), waiting_.end(),
                                                [&](const Waiting& one) { return one.task.owner == owner; }));
}

}  // namespace blindbook::service
