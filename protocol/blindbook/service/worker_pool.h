#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "blindbook/base/workers.h"
#include "blindbook/service/fair_queue.h"

namespace blindbook::service {

/// Cores that this process may use, by its affinity: at least 1.
[[nodiscard]] unsigned usable_cores() noexcept;

/// Threads that work off a bounded queue of tasks, and share the parts of large ones. A fixed number of them works at a
/// time; a task that waits for something else steps aside, and a spare thread works in its place. All methods may be called
/// from any thread, tasks of the pool included, but for step_aside().
class WorkerPool final : public Workers {
 public:
  /// `threads` work at a time; 0: one for each of usable_cores(). At most `queue_limit` submitted tasks wait to begin; at
  /// most `spare` tasks step aside and still leave `threads` at work.
  WorkerPool(unsigned threads, std::size_t queue_limit, unsigned spare = 0);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  /// Runs what is queued, then ends the threads.
  ~WorkerPool() override;

  /// Queues `task`; false when the queue is full, and the task is then not run. A task must not throw: there
  /// is nobody to catch, so the program would end.
  [[nodiscard]] bool try_submit(std::function<void()> task);

  /// Queues a task of one of many owners, who share the threads as FairQueue says. Of each task either `run` or `refuse` is
  /// called, neither of which may throw: `refuse` when there is no room, for this task on this thread before this returns, or,
  /// once it waits, on the thread of whoever displaces it.
  void submit(FairQueue::Task task);

  /// Calls body(first, last) over consecutive slices of [0, count), each `slice` long (the last may be
  /// shorter), on the calling thread and on whichever pool threads are free, and returns when all are done.
  /// body must be safe to run on disjoint slices at the same time. When it throws, slices not yet begun are
  /// left out and the first exception is rethrown here. `slice` > 0.
  void parallel_for(std::size_t count, std::size_t slice,
                    const std::function<void(std::size_t first, std::size_t last)>& body);

  /// Calls `wait`, which blocks and computes nothing, and returns what it returns, once there is a place to work at again:
  /// before any task that has not begun. From a task of this pool only, and not from a part of one.
  template <class Wait>
  auto step_aside(Wait&& wait) -> decltype(wait()) {
    const Aside aside(*this);
    return wait();
  }

  /// The caller, and as many as have nothing to do.
  [[nodiscard]] std::size_t available() const override;
  void share(std::size_t parts, const std::function<void(std::size_t part)>& body) override;

  /// Threads that work at a time.
  [[nodiscard]] unsigned threads() const noexcept { return places_; }
  /// Tasks that wait for a place to work at: those that have not begun, and those that come back from aside.
  [[nodiscard]] std::size_t waiting() const;

 private:
  /// Gives up the place of the task on this thread while it lives.
  class Aside {
   public:
    explicit Aside(WorkerPool& pool) : pool_(pool) { pool_.leave_place(); }
    Aside(const Aside&) = delete;
    Aside& operator=(const Aside&) = delete;
    ~Aside() { pool_.take_place(); }

   private:
    WorkerPool& pool_;
  };

  [[nodiscard]] std::optional<FairQueue::Task> push(FairQueue::Task task);
  void work() noexcept;
  void leave_place();
  void take_place();
  /// The rest with the mutex held.
  [[nodiscard]] bool has_work() const { return !tasks_.empty() || !helpers_.empty(); }
  [[nodiscard]] bool may_begin() const { return has_work() && returning_ == 0 && taken_ < places_; }
  [[nodiscard]] std::function<void()> take();
  void wake_one();

  const unsigned places_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;            // threads without a task wait for may_begin()
  std::condition_variable place_;              // those that stepped aside wait for a place
  FairQueue tasks_;                            // submitted
  std::deque<std::function<void()>> helpers_;  // of batches already begun: before any new task
  unsigned taken_ = 0;                         // places
  unsigned returning_ = 0;  // threads that stepped aside and wait for a place: before all else
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace blindbook::service
