#include "blindbook/directory/matches.h"

#include <algorithm>

namespace blindbook::directory {

Result<Matches> UnverifiedMatches::verify(const Root& expected) && {
  if (root_ != expected) {
    return peer_misbehaved("directory.root", "the directory is not the one that was announced");
  }
  Matches out;
  ByteView rest = sealed_;
  for (const Run& run : runs_) {
    for (std::uint64_t row = 0; row < run.rows; ++row) {
      const ByteView sealed = rest.first(row_bytes_);
      rest = rest.subspan(row_bytes_);
      for (std::size_t own = run.own; own < own_.size() && own_[own].tag == own_[run.own].tag; ++own) {
        out.matches.push_back({.own_index = own_[own].index, .sealed = Bytes(sealed.begin(), sealed.end())});
      }
    }
  }
  std::stable_sort(out.matches.begin(), out.matches.end(),
                   [](const Match& a, const Match& b) { return a.own_index < b.own_index; });
  return out;
}

}  // namespace blindbook::directory
