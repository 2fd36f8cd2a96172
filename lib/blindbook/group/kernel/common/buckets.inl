#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

// Pippenger's buckets: what collects the summands of one magnitude. Variable time in magnitudes.
namespace blindbook::group::kernel::BLINDBOOK_KERNEL {

/// x = 2x/2, y = 2y/2.
inline Extended to_extended(const Affine& p) {
  const Field two = constant(kTwoLimbs);
  return to_extended(Completed{subtract(p.sum, p.difference), two, two, add(p.sum, p.difference)});
}

/// A bucket of a single lane.
struct FlaggedPoint {
  Extended sum;
  bool used;
};

/// The buckets of all lanes, one for each magnitude. One lane adds in the bucket itself (`InPlace`), several gather a
/// bucket each and scatter it again.
template <bool InPlace>
class BucketsOf {
 public:
  using Item = std::conditional_t<InPlace, FlaggedPoint, ExtendedPoint>;

  /// `each` buckets a lane, in memory for each * kLanes items.
  BucketsOf(Item* memory, std::size_t each) : items_(memory), each_(each) {}

  void clear() {
    for (std::size_t i = 0; i < each_ * kLanes; ++i) {
      if constexpr (InPlace) {
        items_[i].used = false;
      } else {
        items_[i] = {{0}, {1}, {1}, {0}};
      }
    }
  }
  /// Each lane's summand goes into its bucket of that magnitude.
  void add(const std::uint64_t (&magnitudes)[kLanes], const Affine& summand) {
    if constexpr (InPlace) {
      Item& bucket = items_[magnitudes[0]];
      if (bucket.used) {
        add_to_extended(bucket.sum, bucket.sum, summand);
      } else {
        bucket = {to_extended(summand), true};
      }
    } else {
      const Words offsets = offsets_of(magnitudes);
      Extended sum = load_at_offsets(offsets);
      add_to_extended(sum, sum, summand);
      store_at_offsets(sum, offsets);
    }
  }
  /// Whether nobody collected anything, if that is known.
  [[nodiscard]] bool is_empty(std::size_t magnitude) const {
    if constexpr (InPlace) {
      return !items_[magnitude].used;
    } else {
      return false;
    }
  }
  /// What each lane collected for one magnitude.
  [[nodiscard]] Extended of_magnitude(std::size_t magnitude) {
    if constexpr (InPlace) {
      return items_[magnitude].sum;
    } else {
      std::uint64_t magnitudes[kLanes];
      for (std::uint64_t& each : magnitudes) {
        each = magnitude;
      }
      return load_at_offsets(offsets_of(magnitudes));
    }
  }

 private:
  [[nodiscard]] Words offsets_of(const std::uint64_t (&magnitudes)[kLanes]) const {
    std::uint64_t offsets[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      offsets[lane] = (lane * each_ + magnitudes[lane]) * kPointWords;
    }
    return load_lanes(offsets);
  }
  [[nodiscard]] Extended load_at_offsets(Words offsets) {
    Extended p;
    load_field(p.x, items_[0].x, offsets);
    load_field(p.y, items_[0].y, offsets);
    load_field(p.z, items_[0].z, offsets);
    load_field(p.t, items_[0].t, offsets);
    return p;
  }
  void store_at_offsets(const Extended& p, Words offsets) {
    store_field(p.x, items_[0].x, offsets);
    store_field(p.y, items_[0].y, offsets);
    store_field(p.z, items_[0].z, offsets);
    store_field(p.t, items_[0].t, offsets);
  }
  static void load_field(Field& out, const std::uint64_t* first, Words offsets) {
    for (std::size_t i = 0; i < 5; ++i) {
      set_limbs(out, i, load_at(first + i, offsets));
    }
  }
  static void store_field(const Field& a, std::uint64_t* first, Words offsets) {
    for (std::size_t i = 0; i < 5; ++i) {
      store_at(word_of_limbs(a, i), first + i, offsets);
    }
  }

  Item* items_;
  std::size_t each_;
};
using Buckets = BucketsOf<kLanes == 1>;

}  // namespace blindbook::group::kernel::BLINDBOOK_KERNEL
