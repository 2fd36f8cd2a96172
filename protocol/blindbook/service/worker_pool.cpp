#include "blindbook/service/worker_pool.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include <sched.h>

namespace blindbook::service {
namespace {

/// One parallel_for: which slices are taken and how many are done. Helpers that come late find no slice left
/// and never touch `body`, so it may live on the caller's stack.
class Slices {
 public:
  using Body = std::function<void(std::size_t, std::size_t)>;

  Slices(std::size_t count, std::size_t slice, const Body& body)
      : count_(count), slice_(slice), body_(body) {}

  void work() {
    std::unique_lock lock(mutex_);
    while (next_ < count_) {
      const std::size_t first = next_;
      const std::size_t last = first + std::min(slice_, count_ - first);
      next_ = last;
      ++running_;
      lock.unlock();
      std::exception_ptr thrown;
      try {
        body_(first, last);
      } catch (...) {
        thrown = std::current_exception();
      }
      lock.lock();
      --running_;
      if (thrown) {
        next_ = count_;
        if (!thrown_) {
          thrown_ = thrown;
        }
      }
    }
    if (running_ == 0) {
      done_.notify_all();
    }
  }

  void wait() {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return next_ >= count_ && running_ == 0; });
    if (thrown_) {
      std::rethrow_exception(thrown_);
    }
  }

 private:
  const std::size_t count_;
  const std::size_t slice_;
  const Body& body_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::size_t next_ = 0;
  std::size_t running_ = 0;
  std::exception_ptr thrown_;
};

}  // namespace

unsigned usable_cores() noexcept {
  cpu_set_t set{};
  if (::sched_getaffinity(0, sizeof set, &set) == 0) {
    return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
  }
  return std::max(1U, std::thread::hardware_concurrency());  // more cores than the set has room for
}

WorkerPool::WorkerPool(unsigned threads, std::size_t queue_limit, unsigned spare)
    : places_(threads != 0 ? threads : usable_cores()), tasks_(queue_limit) {
  const std::size_t all = std::size_t{places_} + spare;
  threads_.reserve(all);
  for (std::size_t i = 0; i < all; ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

WorkerPool::~WorkerPool() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

bool WorkerPool::try_submit(std::function<void()> task) {
  const std::optional<FairQueue::Task> displaced = push({.run = std::move(task)});
  if (displaced && !displaced->refuse) {
    return false;  // it is this one
  }
  if (displaced) {
    displaced->refuse();
  }
  return true;
}

void WorkerPool::submit(FairQueue::Task task) {
  if (const std::optional<FairQueue::Task> displaced = push(std::move(task))) {
    displaced->refuse();
  }
}

std::optional<FairQueue::Task> WorkerPool::push(FairQueue::Task task) {
  const std::scoped_lock lock(mutex_);
  std::optional<FairQueue::Task> displaced = tasks_.push(std::move(task));
  wake_one();
  return displaced;
}

void WorkerPool::parallel_for(std::size_t count, std::size_t slice,
                              const std::function<void(std::size_t first, std::size_t last)>& body) {
  const auto slices = std::make_shared<Slices>(count, slice, body);
  const std::size_t more = count == 0 ? 0 : (count - 1) / slice;  // slices beyond the caller's first
  const std::size_t helpers = std::min<std::size_t>(more, places_);
  if (helpers > 0) {
    const std::scoped_lock lock(mutex_);
    try {
      for (std::size_t i = 0; i < helpers; ++i) {
        helpers_.emplace_back([slices] { slices->work(); });
        wake_one();
      }
    } catch (const std::bad_alloc&) {
      // Those that were queued help, and must find `body`: it is not left before they are done.
    }
  }
  slices->work();
  slices->wait();
}

std::size_t WorkerPool::available() const {
  const std::scoped_lock lock(mutex_);
  return has_work() || returning_ > 0 ? 1 : 1 + (places_ - taken_);
}

void WorkerPool::share(std::size_t parts, const std::function<void(std::size_t part)>& body) {
  parallel_for(parts, 1, [&body](std::size_t part, std::size_t) { body(part); });
}

std::size_t WorkerPool::waiting() const {
  const std::scoped_lock lock(mutex_);
  return tasks_.size() + returning_;
}

void WorkerPool::work() noexcept {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || may_begin(); });
    if (!may_begin()) {
      return;  // whoever has a place comes back here, and takes what is left
    }
    std::function<void()> task = take();
    ++taken_;
    wake_one();  // while somebody came back, others may have gone to sleep beside free places
    lock.unlock();
    task();
    task = nullptr;  // what it captured is released outside the lock
    lock.lock();
    --taken_;
    if (returning_ > 0) {
      place_.notify_one();
    }
  }
}

std::function<void()> WorkerPool::take() {
  if (helpers_.empty()) {
    return tasks_.pop().run;
  }
  std::function<void()> helper = std::move(helpers_.front());
  helpers_.pop_front();
  return helper;
}

void WorkerPool::leave_place() {
  const std::scoped_lock lock(mutex_);
  --taken_;
  wake_one();
}

void WorkerPool::take_place() {
  std::unique_lock lock(mutex_);
  ++returning_;
  place_.wait(lock, [this] { return taken_ < places_; });
  --returning_;
  ++taken_;
  wake_one();
}

/// For a place that is free, if there is one, a thread that may take it. A thread that finds itself without a place sleeps
/// on, so it is not woken where there is none: that would cost more than the lock.
void WorkerPool::wake_one() {
  if (taken_ < places_ && returning_ > 0) {
    place_.notify_one();
  } else if (may_begin()) {
    changed_.notify_one();
  }
}

}  // namespace blindbook::service
