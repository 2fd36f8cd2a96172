#pragma once

#include <cstddef>
#include <functional>

namespace blindbook {

/// Threads that somebody else owns. The library makes none: where work can be shared out, they are an argument.
class Workers {
 public:
  Workers() = default;
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  virtual ~Workers() = default;

  /// How many threads would work on what is shared out now, the caller's included: at least 1. A guess, for cutting work
  /// into as many parts as pay.
  [[nodiscard]] virtual std::size_t available() const = 0;

  /// Calls body(0) .. body(parts - 1), each once, on the calling thread and on others, at the same time and in any order,
  /// and returns when all have returned. When one throws, others may be left out, and its exception is rethrown here.
  virtual void share(std::size_t parts, const std::function<void(std::size_t part)>& body) = 0;
};

/// The calling thread alone.
[[nodiscard]] Workers& calling_thread() noexcept;

/// Consecutive parts of about equal length: one for each worker that is available, none shorter than `least` unless it is
/// the only one. `least` > 0.
class Parts {
 public:
  Parts(std::size_t count, std::size_t least, const Workers& workers);

  [[nodiscard]] std::size_t size() const noexcept { return parts_; }
  /// Part i is [first(i), first(i + 1)).
  [[nodiscard]] std::size_t first(std::size_t part) const noexcept { return count_ * part / parts_; }

 private:
  std::size_t count_;
  std::size_t parts_;
};

}  // namespace blindbook
