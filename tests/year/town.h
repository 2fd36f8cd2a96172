#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "blindbook/service/subscriber_source.h"

#include "tests/tools/subscriber_generator.h"

namespace blindbook::year {

/// The people of a town and what becomes of them day by day: the truth that every answer is held against. Knows
/// nothing of directories, editions or keys.
class Town {
 public:
  /// `subscribers` people are listed and agreed to be found, at the beginning.
  Town(std::size_t subscribers, std::uint64_t seed);

  /// One day: 0.5 % join, 0.1 % leave. Of those who leave a third withdraws the opt-in and keeps the row, the others'
  /// rows go. Now and then one comes back, takes another label, or a number changes hands.
  void live_a_day();
  /// `index` leaves at once, row and all, and never comes back.
  void leave_for_good(std::size_t index);

  /// E.164 of the person at `index`, listed or not.
  [[nodiscard]] std::string number(std::size_t index) const { return generator_.subscriber(index).number; }
  /// Who ever was listed has an index below this.
  [[nodiscard]] std::size_t people() const noexcept { return rows_.size(); }
  /// What a contact of `index` may see today: the label, or nothing of who is no subscriber.
  [[nodiscard]] std::optional<std::string> label(std::size_t index) const;
  [[nodiscard]] std::size_t subscribers() const noexcept { return discoverable_.size(); }
  /// Who was a subscriber once and is none today: the `most` who left last, and all who left for good.
  [[nodiscard]] std::vector<std::size_t> last_erased(std::size_t most) const;
  /// Some subscriber of today.
  [[nodiscard]] std::size_t somebody();

  /// The rows of the operator's list today, by index.
  class Source final : public service::SubscriberSource {
   public:
    explicit Source(const Town& town) : town_(town) {}
    Result<bool> next(service::SubscriberRow& row) override;
    [[nodiscard]] std::uint64_t bytes_read() const noexcept override { return 0; }
    [[nodiscard]] std::uint64_t bytes_total() const noexcept override { return 0; }

   private:
    const Town& town_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
  };

 private:
  struct Row {
    std::uint32_t name = 0;  // the how-manieth label
    bool listed = false;
    bool discoverable = false;
  };
  [[nodiscard]] static std::string label_of(std::uint32_t name);
  void leave(std::size_t index);
  void join(std::size_t index);
  void join_someone();
  [[nodiscard]] std::size_t draw(std::size_t bound) { return random_() % bound; }

  test_tools::SubscriberGenerator generator_;
  std::mt19937_64 random_;
  std::vector<Row> rows_;
  std::vector<std::size_t> discoverable_;  // indices, in any order
  std::map<std::size_t, std::size_t> at_;  // where an index stands in discoverable_
  std::vector<std::size_t> erased_;        // as they left; these may come back
  std::vector<std::size_t> gone_;          // and these not
  std::uint32_t names_ = 0;
};

}  // namespace blindbook::year
