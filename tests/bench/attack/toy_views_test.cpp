// That nothing can be told from a blinded batch, and that the count would notice if something could.
#include "tests/bench/attack/toy_views.h"

#include <utility>

#include <catch2/catch.hpp>

#include "blindbook/oprf/context.h"

#include "tests/unit/oprf/toy_group.h"

namespace blindbook::bench {
namespace {

std::optional<ToyNumbers> blinded(const ToyBook& book, const ToyDraw& draw) {
  return blind_additively_in_toy_group(book, draw);
}

unsigned hash_of(const std::string& identifier) {
  const oprf::Context context(oprf::Mode::kVoprf, "toy-SHA256");
  return oprf::test::ToyGroup::hash_to_group(bytes_of(identifier), context.hash_to_group_dst()).value;
}

}  // namespace

TEST_CASE("all address books look alike to the service") {
  const ToyResult result = compare_all_books(blinded);
  CHECK(result.books == 169);
  CHECK(result.pairs == 169 * 168 / 2);
  CHECK(result.views == 144);  // the identity is never sent
  CHECK(result.is_identical);
  CHECK(result.is_bijection);
  CHECK(result.largest_advantage == 0);
}

TEST_CASE("a mask that is never zero would be noticed") {
  const ToyResult result = compare_all_books([](const ToyBook& book, const ToyDraw& draw) {
    return draw.masks[0] == 0 || draw.masks[1] == 0 ? std::nullopt : blinded(book, draw);
  });
  CHECK(!result.is_identical);
  CHECK(!result.is_bijection);
  CHECK(result.largest_advantage > 0.1);
}

TEST_CASE("masks out of too small a range would be noticed") {
  const ToyResult result = compare_all_books([](const ToyBook& book, const ToyDraw& draw) {
    return blinded(book, {{draw.masks[0] % 8, draw.masks[1] % 8}, draw.swapped});
  });
  CHECK(!result.is_identical);
  CHECK(!result.is_bijection);
  CHECK(result.largest_advantage > 0.1);
}

TEST_CASE("one mask for a whole batch would be noticed") {
  const ToyResult result = compare_all_books([](const ToyBook& book, const ToyDraw& draw) {
    return blinded(book, {{draw.masks[0], draw.masks[0]}, draw.swapped});
  });
  CHECK(!result.is_identical);
  CHECK(!result.is_bijection);
  CHECK(result.largest_advantage == Approx(1));  // the difference of the two is in the open
}

TEST_CASE("the order of the book would be noticed if contacts were not blinded") {
  const ToyResult result =
      compare_all_books([](const ToyBook& book, const ToyDraw& draw) -> std::optional<ToyNumbers> {
        ToyNumbers out{hash_of(book[0]), hash_of(book[1])};
        if (draw.swapped) {
          std::swap(out[0], out[1]);
        }
        return out;
      });
  CHECK(!result.is_identical);
  CHECK(!result.is_bijection);
  CHECK(result.largest_advantage == Approx(1));
}

}  // namespace blindbook::bench
