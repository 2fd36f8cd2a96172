#include "tests/bench/attack/toy_views.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "blindbook/base/random.h"
#include "blindbook/oprf/context.h"
#include "blindbook/oprf/oprf.h"

#include "tests/unit/oprf/toy_group.h"

namespace blindbook::bench {
namespace {

using oprf::test::ToyGroup;

static_assert(kToyOrder == ToyGroup::kOrder);

constexpr std::size_t kBooks = kToyOrder * kToyOrder;
constexpr std::size_t kViews = kToyOrder * kToyOrder;
constexpr std::size_t kDraws = 2 * kToyOrder * kToyOrder;

const oprf::Context& toy_context() {
  static const oprf::Context kContext(oprf::Mode::kVoprf, "toy-SHA256");
  return kContext;
}

/// Gives masks in their order, and counts on when there are none left.
class GivenMasks final : public RandomSource {
 public:
  explicit GivenMasks(const ToyNumbers& masks) : masks_(masks) {}

  void fill(MutableBytes out) override {
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    for (std::size_t at = 0; at < out.size(); at += ToyGroup::kUniformScalarBytes) {
      out[at] = static_cast<std::uint8_t>(given_ < kToyBatch ? masks_[given_] : given_ % kToyOrder);
      ++given_;
    }
  }
  [[nodiscard]] bool has_given_more() const noexcept { return given_ > kToyBatch; }

 private:
  ToyNumbers masks_;
  std::size_t given_ = 0;
};

ToyNumbers pair_of(std::size_t index) {
  return {static_cast<unsigned>(index / kToyOrder), static_cast<unsigned>(index % kToyOrder)};
}

std::size_t index_of(const ToyNumbers& pair) {
  return std::size_t{pair[0]} * kToyOrder + pair[1];
}

ToyDraw draw_of(std::size_t index) {
  return {.masks = pair_of(index / 2), .swapped = index % 2 == 1};
}

std::size_t index_of(const ToyDraw& draw) {
  return 2 * index_of(draw.masks) + (draw.swapped ? 1 : 0);
}

/// An identifier of every hash, the first that comes.
std::array<std::string, kToyOrder> identifiers_by_hash() {
  std::array<std::string, kToyOrder> out;
  for (unsigned i = 0;
       std::any_of(out.begin(), out.end(), [](const std::string& text) { return text.empty(); }); ++i) {
    std::string text = "tel:+4930231250" + std::to_string(10 + i);
    const unsigned hash = ToyGroup::hash_to_group(bytes_of(text), toy_context().hash_to_group_dst()).value;
    if (out[hash].empty()) {
      out[hash] = std::move(text);
    }
  }
  return out;
}

/// What a service is shown, for each draw; and how often each view comes.
struct Views {
  std::array<std::optional<ToyNumbers>, kDraws> of_draw;
  std::array<unsigned, kViews> times{};
  unsigned all = 0;
};

Views views_of(const ToyBlinding& blinding, const ToyBook& book) {
  Views out;
  for (std::size_t i = 0; i < kDraws; ++i) {
    out.of_draw[i] = blinding(book, draw_of(i));
    if (out.of_draw[i]) {
      ++out.times[index_of(*out.of_draw[i])];
      ++out.all;
    }
  }
  return out;
}

/// Half the sum of |p - q|; a book that is never sent at all is told from every other.
double advantage(const Views& a, const Views& b) {
  if (a.all == 0 || b.all == 0) {
    return a.all == b.all ? 0 : 1;
  }
  double sum = 0;
  for (std::size_t view = 0; view < kViews; ++view) {
    sum += std::abs(double{1} * a.times[view] / a.all - double{1} * b.times[view] / b.all);
  }
  return sum / 2;
}

/// The draw that makes of `to` what `draw` makes of `from`, both given by the logarithms of their hashes.
ToyDraw mapped(const ToyDraw& draw, const ToyNumbers& from, const ToyNumbers& to) {
  ToyDraw out = draw;
  for (std::size_t i = 0; i < kToyBatch; ++i) {
    out.masks[i] = (draw.masks[i] + from[i] + kToyOrder - to[i]) % kToyOrder;
  }
  return out;
}

bool maps_onto(const Views& a, std::size_t book_a, const Views& b, std::size_t book_b) {
  std::array<bool, kDraws> is_taken{};
  for (std::size_t i = 0; i < kDraws; ++i) {
    const std::size_t image = index_of(mapped(draw_of(i), pair_of(book_a), pair_of(book_b)));
    if (is_taken[image] || a.of_draw[i] != b.of_draw[image]) {
      return false;
    }
    is_taken[image] = true;
  }
  return true;
}

}  // namespace

std::optional<ToyNumbers> blind_additively_in_toy_group(const ToyBook& book, const ToyDraw& draw) {
  // The client shuffles before it blinds (blindbook/protocol/client.h).
  std::array<ByteView, kToyBatch> inputs{bytes_of(book[0]), bytes_of(book[1])};
  ToyNumbers given = draw.masks;
  if (draw.swapped) {
    std::swap(inputs[0], inputs[1]);
    std::swap(given[0], given[1]);
  }
  GivenMasks random(given);
  std::array<ToyGroup::Scalar, kToyBatch> masks;
  std::array<ToyGroup::Element, kToyBatch> blinded;
  std::array<ToyGroup::EncodedElement, kToyBatch> encoded;
  oprf::blind_additively<ToyGroup>(toy_context(), inputs, random, masks, blinded, encoded);
  if (random.has_given_more()) {
    return std::nullopt;
  }
  ToyNumbers view{};
  for (std::size_t i = 0; i < kToyBatch; ++i) {
    view[i] = ToyGroup::decode(encoded[i])->value;  // from the wire, which is what the service has
  }
  return view;
}

ToyResult compare_all_books(const ToyBlinding& blinding) {
  const std::array<std::string, kToyOrder> identifiers = identifiers_by_hash();
  std::vector<Views> views;
  for (std::size_t book = 0; book < kBooks; ++book) {
    const ToyNumbers hashes = pair_of(book);
    views.push_back(views_of(blinding, {identifiers[hashes[0]], identifiers[hashes[1]]}));
  }
  ToyResult out;
  out.books = kBooks;
  out.is_identical = true;
  out.is_bijection = true;
  const auto& first = views.front().times;
  out.views = kViews - static_cast<std::size_t>(std::count(first.begin(), first.end(), 0U));
  for (std::size_t a = 0; a < kBooks; ++a) {
    for (std::size_t b = a + 1; b < kBooks; ++b) {
      ++out.pairs;
      out.is_identical = out.is_identical && views[a].times == views[b].times;
      out.is_bijection = out.is_bijection && maps_onto(views[a], a, views[b], b);
      out.largest_advantage = std::max(out.largest_advantage, advantage(views[a], views[b]));
    }
  }
  return out;
}

}  // namespace blindbook::bench
