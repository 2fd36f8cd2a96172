#include "blindbook/service/worker_pool.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

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

WorkerPool::WorkerPool(unsigned threads, std::size_t queue_limit) : queue_limit_(queue_limit) {
  const unsigned wanted = threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  threads_.reserve(wanted);
  for (unsigned i = 0; i < wanted; ++i) {
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
  {
    const std::scoped_lock lock(mutex_);
    if (tasks_.size() >= queue_limit_) {
      return false;
    }
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
  return true;
}

void WorkerPool::parallel_for(std::size_t count, std::size_t slice,
                              const std::function<void(std::size_t first, std::size_t last)>& body) {
  const auto slices = std::make_shared<Slices>(count, slice, body);
  const std::size_t more = count == 0 ? 0 : (count - 1) / slice;  // slices beyond the caller's first
  const std::size_t helpers = std::min<std::size_t>(more, threads_.size());
  if (helpers > 0) {
    const std::scoped_lock lock(mutex_);
    for (std::size_t i = 0; i < helpers; ++i) {
      helpers_.emplace_back([slices] { slices->work(); });
    }
  }
  for (std::size_t i = 0; i < helpers; ++i) {
    changed_.notify_one();
  }
  slices->work();
  slices->wait();
}

std::size_t WorkerPool::waiting() const {
  const std::scoped_lock lock(mutex_);
  return tasks_.size();
}

void WorkerPool::work() noexcept {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !tasks_.empty() || !helpers_.empty(); });
    std::deque<std::function<void()>>& from = helpers_.empty() ? tasks_ : helpers_;
    if (from.empty()) {
      return;
    }
    std::function<void()> task = std::move(from.front());
    from.pop_front();
    lock.unlock();
    task();
    task = nullptr;  // what it captured is released outside the lock
    lock.lock();
  }
}

}  // namespace blindbook::service
