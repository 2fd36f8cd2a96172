#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

/// Why a dictionary is of no use against additive blinding, counted out. In a group of 13 elements and a batch of two, all
/// address books, all masks and all orders can be gone through. A client with contacts x sends HashToGroup(x) + rG; the
/// mask r' = r + log HashToGroup(x) - log HashToGroup(y) makes the same message out of any other contact y. Masks are
/// uniform, so whoever sees the message has learnt nothing of x: not with all numbers to try, not with the key, not with a
/// quantum computer. Nothing of that depends on how large the group is.
namespace blindbook::bench {

inline constexpr unsigned kToyOrder = 13;
inline constexpr std::size_t kToyBatch = 2;

/// Of a batch, by position: identifiers, their logarithms, masks, or what the service sees.
/// @{
using ToyBook = std::array<std::string, kToyBatch>;
using ToyNumbers = std::array<unsigned, kToyBatch>;
/// @}

/// What a client draws: its masks, and whether it swaps the two.
struct ToyDraw {
  ToyNumbers masks;
  bool swapped;
};

/// The elements that the service is sent, as their logarithms; nothing where the client would have drawn again. A function
/// of the draw: nothing else is random.
using ToyBlinding = std::function<std::optional<ToyNumbers>(const ToyBook& book, const ToyDraw& draw)>;

/// The product's own: the code of blindbook/oprf/oprf.h, instantiated for the toy group.
[[nodiscard]] std::optional<ToyNumbers> blind_additively_in_toy_group(const ToyBook& book,
                                                                      const ToyDraw& draw);

struct ToyResult {
  std::size_t books = 0;  ///< all there are: every pair of elements
  std::size_t pairs = 0;  ///< of different books
  std::size_t views = 0;  ///< that a service may be shown
  /// Whether every two books lead to the same views, each as often.
  bool is_identical = false;
  /// Whether r -> r' gives the other book's view every time.
  bool is_bijection = false;
  /// The advantage of the best guess which of two books it was (total variation), for the two that are easiest to tell
  /// apart: 0 when nothing can be told, 1 when everything.
  double largest_advantage = 0;
};

/// Goes through everything.
[[nodiscard]] ToyResult compare_all_books(const ToyBlinding& blinding);

}  // namespace blindbook::bench
