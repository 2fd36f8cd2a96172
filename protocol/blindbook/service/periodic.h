#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace blindbook::service {

/// Calls `work` on a thread of its own, `interval` after it was made and then after each call, until it is
/// destroyed, which waits for a call that runs. `work` must not throw.
class Periodic {
 public:
  Periodic(std::chrono::milliseconds interval, std::function<void()> work);
  Periodic(const Periodic&) = delete;
  Periodic& operator=(const Periodic&) = delete;
  ~Periodic();

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace blindbook::service
