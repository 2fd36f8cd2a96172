#include <atomic>
#include <future>
#include <thread>

#include "tests/service/application/evaluate_scene.h"
#include "tests/service/application/test_service.h"

// Requests beside each other, and those that wait.
namespace blindbook::test_support {
namespace {

using service::Charged;

TEST_CASE("evaluations of several accounts at once are all answered") {
  TestService service(2, 64);
  std::vector<std::thread> clients;
  std::atomic<int> verified{0};
  std::vector<BlindedRequest> requests;
  std::vector<std::string> tokens;
  for (int i = 0; i < 6; ++i) {
    requests.push_back(service.request(i % 2 == 0 ? 16 : 256));
    tokens.push_back(service.token("account-" + std::to_string(i)));
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    clients.emplace_back([&, i] {
      http::HttpConnection client = service.connect();
      const http::Answer answer = evaluate(client, tokens[i], requests[i].body);
      const auto parsed = protocol::parse_answer(answer.body, InMemoryOperator::suite().sizes(),
                                                 protocol::digest_of_request(requests[i].body),
                                                 static_cast<std::uint32_t>(requests[i].identifiers.size()));
      if (parsed && std::move(requests[i].batch).verify(parsed->elements, parsed->proof)) {
        ++verified;
      }
    });
  }
  for (std::thread& client : clients) {
    client.join();
  }
  CHECK(verified == 6);
}

TEST_CASE("while one charge waits for the disk the only worker evaluates for others") {
  TestService service(1, 8, 1);
  std::promise<void> charging;
  std::promise<void> gate;
  std::atomic<bool> first{true};
  service.ledger.outcome = [&] {
    if (first.exchange(false)) {
      charging.set_value();
      gate.get_future().wait();
    }
    return service::ChargeOutcome(Charged{7000, false});
  };
  const auto ask = [&service](BlindedRequest& request, const std::string& token) {
    http::HttpConnection client = service.connect();
    return evaluate(client, token, request.body);
  };
  BlindedRequest slow = service.request(16);
  BlindedRequest fast = service.request(64);
  auto slow_answer = std::async(std::launch::async, ask, std::ref(slow), service.token("alice"));
  charging.get_future().wait();
  const http::Answer fast_answer = ask(fast, service.token("bob"));  // with one thread this would never end
  CHECK(slow_answer.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  gate.set_value();
  REQUIRE(fast_answer.status == 200);
  check_answer(service, std::move(fast), fast_answer.body);
  const http::Answer late_answer = slow_answer.get();
  REQUIRE(late_answer.status == 200);
  check_answer(service, std::move(slow), late_answer.body);
}

TEST_CASE("an account that fills the queue gives way to others") {
  TestService service(1, 4);
  const auto ask = [&service](const std::string& account) {
    return std::async(
        std::launch::async, [&service, token = service.token(account), body = service.request(16).body] {
          http::HttpConnection client = service.connect();
          const http::Answer answer = evaluate(client, token, body);
          CHECK((answer.status == 200 || (problem_name(answer) == "busy" && answer.retry_after() == 5U)));
          return answer.status;
        });
  };
  std::vector<std::future<unsigned>> alice;
  std::future<unsigned> bob;
  {
    const FullQueue busy(service.pool(), 0);
    for (std::size_t i = 1; i <= 4; ++i) {
      alice.push_back(ask("alice"));
      while (service.pool().waiting() < i) {
        std::this_thread::yield();
      }
    }
    CHECK(ask("alice").get() == 503);  // the queue is full of her own
    bob = ask("bob");
    while (alice.back().wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      std::this_thread::yield();
    }
    CHECK(service.pool().waiting() == 4);
  }
  CHECK(bob.get() == 200);
  CHECK(alice.back().get() == 503);  // her newest gave way
  alice.pop_back();
  for (std::future<unsigned>& answered : alice) {
    CHECK(answered.get() == 200);
  }
  const std::vector<service::Charge> charges = service.ledger.charges();
  REQUIRE(charges.size() == 4);
  CHECK(charges[1].account == "bob");  // before two of hers that came before
}

TEST_CASE("an epoch that ends while a request waits is gone for it") {
  TestService service(1, 4);
  const Bytes body = service.request(16).body;
  const std::string token = service.token("alice");
  std::future<http::Answer> answer;
  {
    const FullQueue busy(service.pool(), 0);
    answer = std::async(std::launch::async, [&] {
      http::HttpConnection client = service.connect();
      return evaluate(client, token, body);
    });
    while (service.pool().waiting() == 0) {
      std::this_thread::yield();
    }
    service.now = InMemoryOperator::not_after().value() + 1;
  }
  CHECK(answer.get().status == 410);
  CHECK(service.ledger.charges().empty());
}

}  // namespace
}  // namespace blindbook::test_support
