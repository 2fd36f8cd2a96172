#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace blindbook::service {

/// A fixed number of threads that work off a bounded queue of tasks, and share the slices of large batches.
/// All methods may be called from any thread, tasks of the pool included.
class WorkerPool {
 public:
  /// `threads` 0: one per core. At most `queue_limit` submitted tasks wait; those that run do not count.
  WorkerPool(unsigned threads, std::size_t queue_limit);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  /// Runs what is queued, then ends the threads.
  ~WorkerPool();

  /// Queues `task`; false when the queue is full, and the task is then not run. A task must not throw: there
  /// is nobody to catch, so the program would end.
  [[nodiscard]] bool try_submit(std::function<void()> task);

  /// Calls body(first, last) over consecutive slices of [0, count), each `slice` long (the last may be
  /// shorter), on the calling thread and on whichever pool threads are free, and returns when all are done.
  /// body must be safe to run on disjoint slices at the same time. When it throws, slices not yet begun are
  /// left out and the first exception is rethrown here. `slice` > 0.
  void parallel_for(std::size_t count, std::size_t slice,
                    const std::function<void(std::size_t first, std::size_t last)>& body);

  [[nodiscard]] unsigned threads() const noexcept { return static_cast<unsigned>(threads_.size()); }
  /// Submitted tasks that wait for a thread.
  [[nodiscard]] std::size_t waiting() const;

 private:
  void work() noexcept;

  const std::size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;    // submitted, in order
  std::deque<std::function<void()>> helpers_;  // of batches already begun: before any new task
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace blindbook::service
