#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/service/subscriber_source.h"

namespace blindbook::service {

/// The labels of those who agreed to be found, kept as 16 bytes of SHA-256 each: nobody can choose a label that is taken
/// for another one's. Labels and not numbers, so that who is next to have a number has not agreed with it.
class OptInList {
 public:
  void add(std::string_view label);
  /// To be called between the last add() and the first contains().
  void seal();
  [[nodiscard]] bool contains(std::string_view label) const;
  [[nodiscard]] std::size_t size() const noexcept { return labels_.size(); }

 private:
  using Key = std::array<std::uint8_t, 16>;
  static Key key_of(std::string_view label);
  std::vector<Key> labels_;  // sorted once sealed
};

/// A file of one label a line; blanks around it, empty lines and those that begin with # say nothing. `name` is "-" for the
/// standard input. BadInput "file.open", and "source.opt-in" for a line longer than kMaxRowBytes; Unavailable "file.read".
[[nodiscard]] Result<OptInList> read_opt_in_list(const std::string& name);

/// The rows of `source`, of which those are discoverable that are so already and whose label is in `list`, sealed.
[[nodiscard]] std::unique_ptr<SubscriberSource> with_opt_in(std::unique_ptr<SubscriberSource> source,
                                                            OptInList list);

}  // namespace blindbook::service
