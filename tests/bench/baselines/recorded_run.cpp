#include "tests/bench/baselines/recorded_run.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace blindbook::bench {
namespace {

class PeerGone : public std::runtime_error {
 public:
  PeerGone() : std::runtime_error("the other party is gone") {}
};

/// Messages in one direction.
class Queue {
 public:
  void push(ByteView message) {
    const std::scoped_lock lock(mutex_);
    waiting_.emplace_back(message.begin(), message.end());
    record_.push_back(waiting_.back());
    changed_.notify_all();
  }
  Bytes pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !waiting_.empty() || is_closed_; });
    if (waiting_.empty()) {
      throw PeerGone();
    }
    Bytes message = std::move(waiting_.front());
    waiting_.pop_front();
    return message;
  }
  /// Nothing more will come.
  void close() {
    const std::scoped_lock lock(mutex_);
    is_closed_ = true;
    changed_.notify_all();
  }
  /// Once both parties are done.
  std::vector<Bytes> take_record() && { return std::move(record_); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Bytes> waiting_;
  std::vector<Bytes> record_;
  bool is_closed_ = false;
};

class QueueChannel final : public Channel {
 public:
  QueueChannel(Queue& out, Queue& in) : out_(out), in_(in) {}
  void send(ByteView message) override { out_.push(message); }
  [[nodiscard]] Bytes receive() override { return in_.pop(); }

 private:
  Queue& out_;
  Queue& in_;
};

std::exception_ptr exception_of(const std::function<void()>& body) {
  try {
    body();
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

bool is_peer_gone(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const PeerGone&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

RecordedRun run_recorded(const Protocol& protocol, Service& service, std::span<const std::string> contacts,
                         RandomSource& random) {
  Queue to_service;
  Queue to_client;
  std::exception_ptr of_service;
  std::thread other([&] {
    of_service = exception_of([&] {
      QueueChannel channel(to_client, to_service);
      service.answer(channel);
    });
    to_client.close();
  });
  std::unique_ptr<Client> client;
  const std::exception_ptr of_client = exception_of([&] {
    client = protocol.make_client(contacts, random);
    QueueChannel channel(to_service, to_client);
    client->ask(channel);
  });
  to_service.close();
  other.join();
  for (const std::exception_ptr& thrown : {of_client, of_service}) {
    const bool other_says_why = thrown == of_client && of_service != nullptr;
    if (thrown != nullptr && !(other_says_why && is_peer_gone(thrown))) {
      std::rethrow_exception(thrown);
    }
  }
  return {.transcript = {.from_client = std::move(to_service).take_record(),
                         .from_service = std::move(to_client).take_record()},
          .matches = client->match(service.published())};
}

}  // namespace blindbook::bench
