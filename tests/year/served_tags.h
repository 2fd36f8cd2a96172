#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "tests/year/service_through_time.h"
#include "tests/year/town.h"

namespace blindbook::year {

/// Looks through every file that is served for tags of people who are no subscribers any more.
class ServedTags {
 public:
  /// Throws where a directory or patch holds the tag of somebody erased, or a file lies there that nobody is told of.
  /// Looks at the `most` last who were erased, all of them unless there are more.
  void check(ServiceThroughTime& service, const Town& town, std::size_t most);

 private:
  [[nodiscard]] std::set<std::uint64_t> erased_tags(const protocol::EpochKey& key, const Town& town,
                                                    std::size_t most);

  std::map<EpochId, std::map<std::size_t, std::uint64_t>> known_;  // tags by epoch and person
};

}  // namespace blindbook::year
