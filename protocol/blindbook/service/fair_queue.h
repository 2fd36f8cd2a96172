#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace blindbook::service {

/// Tasks that wait for a place to be worked at, each for an owner, with what it costs. Owners get equal shares of the work
/// while they wait, however many tasks each has and however large these are: self-clocked fair queueing (S. J. Golestani,
/// INFOCOM 1994). So a task of an owner who has none waiting goes before all but the next of each other owner.
/// When there is no room, the owner with the most waiting tasks loses the newest of them. Not thread-safe.
class FairQueue {
 public:
  struct Task {
    std::string owner = {};
    std::uint64_t cost = 1;  ///< in any unit, the same for all
    std::function<void()> run;
    std::function<void()> refuse =
        nullptr;  ///< called in place of run; null: once it waits it keeps its place
  };

  /// At most `limit` tasks wait.
  explicit FairQueue(std::size_t limit) : limit_(limit) {}

  /// The task that finds no room: `task`, or one of an owner with more tasks than its owner has, this one counted.
  /// Nothing when there was room.
  [[nodiscard]] std::optional<Task> push(Task task);
  /// The task whose turn it is. Not when empty().
  [[nodiscard]] Task pop();

  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }

 private:
  struct Waiting {
    std::uint64_t finish;  // when it would be done, if all owners with tasks were served at once, bit by bit
    Task task;
  };
  [[nodiscard]] std::size_t count(const std::string& owner) const;

  const std::size_t limit_;
  std::vector<Waiting>
      waiting_;  // in the order of arrival; as short as the limit, so that it is searched from end to end
  std::uint64_t now_ = 0;  // the finish of the last task that was taken
};

}  // namespace blindbook::service
