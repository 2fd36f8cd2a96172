#include "blindbook/service/periodic.h"

#include <utility>

namespace blindbook::service {

Periodic::Periodic(std::chrono::milliseconds interval, std::function<void()> work)
    : thread_([this, interval, work = std::move(work)] {
        std::unique_lock lock(mutex_);
        while (!ended_.wait_for(lock, interval, [this] { return ending_; })) {
          lock.unlock();
          work();
          lock.lock();
        }
      }) {}

Periodic::~Periodic() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

}  // namespace blindbook::service
