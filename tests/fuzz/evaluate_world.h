#pragma once

#include <vector>

#include "blindbook/protocol/client.h"

#include "tests/protocol/in_memory_operator.h"

namespace blindbook::fuzz {

/// One operator and one client in the middle of an evaluation; the same in every process.
struct EvaluateWorld {
  static constexpr std::uint32_t kBatch = 16;

  EvaluateWorld() {
    using namespace protocol;
    city.publish({{book[0], "@anna:city.example"}});
    auto blinded = std::move(*Ready::begin(city.epoch(), {})).blind(book, kBatch, city.random()).value();
    request = std::move(blinded.request);
    pending = blinded.waiting.suspend(key, order, city.random());
    answer = city.answer(request).value();
  }

  /// The client as it was when it sent the request.
  [[nodiscard]] protocol::Blinded resume() const {
    return std::move(*protocol::Ready::begin(city.epoch(), {})).resume(key, pending).value();
  }

  test_support::InMemoryOperator city;
  Secret<32> key;
  protocol::RequestOrder order{.issuer = "blindbook", .subject = "alice", .created_at = test_support::kNow};
  std::vector<Identifier> book{test_support::berlin(1), test_support::berlin(2), test_support::berlin(3)};
  Bytes request;
  Bytes pending;
  Bytes answer;
};

}  // namespace blindbook::fuzz
