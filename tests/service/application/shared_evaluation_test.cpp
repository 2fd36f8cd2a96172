#include <future>

#include <catch2/catch.hpp>

#include "blindbook/protocol/codec.h"
#include "blindbook/protocol/server.h"
#include "blindbook/service/worker_pool.h"

#include "tests/protocol/in_memory_operator.h"

namespace blindbook::test_support {
namespace {

/// The answer to `body`, as a task of `pool` computes it.
Bytes answer_in(service::WorkerPool& pool, const InMemoryOperator& city, const Bytes& body,
                std::size_t slice) {
  std::promise<Bytes> answered;
  REQUIRE(pool.try_submit([&] {
    const auto request = protocol::parse_request(body).value();
    const protocol::EpochKey& key = *city.evaluator().find(city.epoch().id);
    auto work = city.evaluator().accept(body, request, key, pool).value();
    pool.parallel_for(work.count(), slice,
                      [&](std::size_t first, std::size_t last) { work.evaluate(first, last); });
    DeterministicRandom nonce(5);
    answered.set_value(std::move(work).answer(5000, nonce, pool).value());
  }));
  return answered.get_future().get();
}

TEST_CASE("an answer does not depend on the number of threads nor on the slices") {
  InMemoryOperator city;
  DeterministicRandom random(4);
  const std::uint32_t count = GENERATE(16U, 1024U);
  std::vector<Identifier> identifiers;
  std::vector<ByteView> inputs;
  identifiers.reserve(count);
  inputs.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    identifiers.push_back(berlin(static_cast<int>(i)));
  }
  for (const Identifier& identifier : identifiers) {
    inputs.push_back(identifier.bytes());
  }
  const auto blinded = InMemoryOperator::suite().blind(inputs, random, city.keys().public_key);
  const Bytes body =
      protocol::encode_request(city.keys().public_key, city.epoch().id, count, blinded.elements);

  service::WorkerPool one(1, 1);
  const Bytes expected = answer_in(one, city, body, count);
  const unsigned threads = GENERATE(1U, 2U, 3U);
  service::WorkerPool pool(threads, 1);
  for (const std::size_t slice : {std::size_t{1}, std::size_t{7}, std::size_t{128}, std::size_t{count}}) {
    CHECK(answer_in(pool, city, body, slice) == expected);
  }
}

}  // namespace
}  // namespace blindbook::test_support
