#include "tests/year/town.h"

#include <algorithm>

namespace blindbook::year {

Town::Town(std::size_t subscribers, std::uint64_t seed) : generator_(seed), random_(seed) {
  while (discoverable_.size() < subscribers) {
    join_someone();
  }
}

void Town::live_a_day() {
  const std::size_t today = discoverable_.size();
  for (std::size_t i = 0; i < today / 1000; ++i) {
    leave(somebody());
  }
  for (std::size_t i = 0; i < today / 200; ++i) {
    if (draw(20) == 0 && !erased_.empty()) {
      const std::size_t back = erased_.size() - 1 - draw(std::min<std::size_t>(erased_.size(), 64));
      const std::size_t index = erased_[back];
      erased_.erase(erased_.begin() + static_cast<std::ptrdiff_t>(back));
      join(index);
    } else {
      join_someone();
    }
  }
  if (draw(2) == 0) {
    rows_[somebody()].name = ++names_;  // another label, or another person with this number
  }
}

void Town::leave(std::size_t index) {
  const std::size_t place = at_.at(index);
  discoverable_[place] = discoverable_.back();
  at_[discoverable_[place]] = place;
  discoverable_.pop_back();
  at_.erase(index);
  rows_[index].discoverable = false;
  rows_[index].listed = draw(3) == 0;
  erased_.push_back(index);
}

void Town::leave_for_good(std::size_t index) {
  leave(index);
  rows_[index].listed = false;
  erased_.pop_back();
  gone_.push_back(index);
}

void Town::join(std::size_t index) {
  rows_[index] = {.name = ++names_, .listed = true, .discoverable = true};
  at_[index] = discoverable_.size();
  discoverable_.push_back(index);
}

void Town::join_someone() {
  rows_.emplace_back();
  join(rows_.size() - 1);
}

std::optional<std::string> Town::label(std::size_t index) const {
  if (index >= rows_.size() || !rows_[index].discoverable) {
    return std::nullopt;
  }
  return label_of(rows_[index].name);
}

std::vector<std::size_t> Town::last_erased(std::size_t most) const {
  std::vector<std::size_t> out(erased_.end() - static_cast<std::ptrdiff_t>(std::min(most, erased_.size())),
                               erased_.end());
  out.insert(out.end(), gone_.begin(), gone_.end());
  return out;
}

std::size_t Town::somebody() {
  return discoverable_[draw(discoverable_.size())];
}

std::string Town::label_of(std::uint32_t name) {
  return "@u" + std::to_string(name) + ":city.example";
}

Result<bool> Town::Source::next(service::SubscriberRow& row) {
  while (at_ < town_.rows_.size() && !town_.rows_[at_].listed) {
    ++at_;
  }
  if (at_ == town_.rows_.size()) {
    return false;
  }
  const Row& here = town_.rows_[at_];
  row.line = ++line_;
  row.number = town_.number(at_);
  row.label = label_of(here.name);
  row.discoverable = here.discoverable;
  row.fault = {};
  ++at_;
  return true;
}

}  // namespace blindbook::year
