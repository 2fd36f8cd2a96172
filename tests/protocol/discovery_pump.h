#pragma once

#include <string>
#include <vector>

#include "blindbook/protocol/client.h"
#include "blindbook/protocol/run_plan.h"

#include "tests/protocol/in_memory_operator.h"

/// Carries the bytes between a client and an InMemoryOperator, without a socket.
namespace blindbook::test_support {

inline std::vector<Identifier> book_of(int from, int to) {
  std::vector<Identifier> book;
  for (int i = from; i < to; ++i) {
    book.push_back(berlin(i));
  }
  return book;
}

inline Result<protocol::Discovered> read_and_discover(InMemoryOperator& city,
                                                      protocol::AwaitingDirectory awaiting,
                                                      const std::vector<Identifier>& book) {
  auto reading = awaiting.read_directory(city.epoch(), book);
  if (!reading) {
    return failed(reading);
  }
  if (auto fed = reading->feed(city.directory_file()); !fed) {
    return failed(fed);
  }
  return std::move(awaiting).discover(std::move(*reading));
}

inline Result<protocol::Discovered> discover(InMemoryOperator& city, const std::vector<Identifier>& book,
                                             protocol::OutputStore known = {}) {
  auto ready = protocol::Ready::begin(city.epoch(), std::move(known)).value();
  const auto missing = ready.outputs().missing(book);
  auto blinded =
      std::move(ready).blind(missing, *protocol::smallest_batch_for(missing.size()), city.random()).value();
  auto awaiting = std::move(blinded.waiting).finish(city.answer(blinded.request).value());
  if (!awaiting) {
    return failed(awaiting);
  }
  return read_and_discover(city, std::move(*awaiting), book);
}

inline std::vector<std::string> labels_of(const protocol::Discovered& discovered) {
  std::vector<std::string> labels;
  for (const protocol::ContactMatch& match : discovered.matches()) {
    labels.push_back(match.label.value_or("-"));
  }
  return labels;
}

}  // namespace blindbook::test_support
