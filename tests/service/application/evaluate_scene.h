#pragma once

#include <future>
#include <thread>

#include "tests/service/application/test_service.h"

namespace blindbook::test_support {

/// Keeps the one thread of a pool busy and its queue full until it is destroyed, which waits for the queue.
class FullQueue {
 public:
  FullQueue(service::WorkerPool& pool, std::size_t queue) : pool_(pool) {
    std::promise<void> begun;
    REQUIRE(pool.try_submit([&begun, gate = gate_.get_future().share()] {
      begun.set_value();
      gate.wait();
    }));
    begun.get_future().wait();
    for (std::size_t i = 0; i < queue; ++i) {
      REQUIRE(pool.try_submit([] {}));
    }
  }
  ~FullQueue() {
    gate_.set_value();
    while (pool_.waiting() > 0) {
      std::this_thread::yield();
    }
  }

 private:
  service::WorkerPool& pool_;
  std::promise<void> gate_;
};

/// That `body` answers `request` with a proof that verifies, and leaves 7,000.
inline void check_answer(TestService& service, BlindedRequest request, const Bytes& body) {
  const auto answer = protocol::parse_answer(body, InMemoryOperator::suite().sizes(),
                                             protocol::digest_of_request(request.body),
                                             static_cast<std::uint32_t>(request.identifiers.size()));
  REQUIRE(answer.has_value());
  CHECK(answer->allowance_left == 7000);
  auto verified = std::move(request.batch).verify(answer->elements, answer->proof);
  REQUIRE(verified.has_value());
  const std::vector<oprf::PrfOutput> outputs = std::move(*verified).finalize();
  for (std::size_t i = 0; i < outputs.size(); i += 97) {
    CHECK(outputs[i] == service.city.evaluate(request.identifiers[i]));
  }
}

}  // namespace blindbook::test_support
