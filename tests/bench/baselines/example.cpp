// The service publishes the hash of each subscriber, and the client looks its own up: the example of docs/research.md.
#include "tests/bench/baselines/example.h"

#include <algorithm>

#include "blindbook/hash/sha2.h"

namespace blindbook::bench {
namespace {

using Digest = hash::Sha256::Digest;

class HashList final : public Service {
 public:
  explicit HashList(std::span<const std::string> subscribers) {
    for (const std::string& subscriber : subscribers) {
      hashes_.push_back(hash::sha256({bytes_of(subscriber)}));
    }
    std::sort(hashes_.begin(), hashes_.end());  // the order would say who joined when
  }

  [[nodiscard]] ByteView published() const override {
    return {reinterpret_cast<const std::uint8_t*>(hashes_.data()), hashes_.size() * sizeof(Digest)};
  }
  void answer(Channel& /*client*/) override {}

 private:
  std::vector<Digest> hashes_;
};

class HashReader final : public Client {
 public:
  explicit HashReader(std::span<const std::string> contacts) : contacts_(contacts) {}

  void ask(Channel& /*service*/) override {}
  [[nodiscard]] std::vector<std::size_t> match(ByteView published) override {
    std::vector<Digest> hashes;
    for (ByteReader reader(published); !reader.rest().empty() && !reader.failed();) {
      hashes.push_back(reader.array<hash::Sha256::kDigestBytes>());
    }
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < contacts_.size(); ++i) {
      if (std::binary_search(hashes.begin(), hashes.end(), hash::sha256({bytes_of(contacts_[i])}))) {
        out.push_back(i);
      }
    }
    return out;
  }

 private:
  std::span<const std::string> contacts_;
};

}  // namespace

Protocol example_protocol() {
  return {
      .name = "hash-list",
      .title = "Published list of SHA-256 hashes",
      .source = "docs/research.md",
      .hides_contacts = true,
      .hides_subscribers = false,
      .service_learns = "nothing",
      .client_learns = "every subscriber, after trying the numbers there are",
      .note = "the privacy of contacts, paid for with that of subscribers",
      .cap = std::nullopt,
      .service_memory = [](std::size_t subscribers, std::size_t) { return std::uint64_t{64} * subscribers; },
      .client_memory = [](std::size_t subscribers, std::size_t) { return std::uint64_t{128} * subscribers; },
      .make_service = [](auto subscribers, RandomSource&) -> std::unique_ptr<Service> {
        return std::make_unique<HashList>(subscribers);
      },
      .make_client = [](auto contacts, RandomSource&) -> std::unique_ptr<Client> {
        return std::make_unique<HashReader>(contacts);
      }};
}

}  // namespace blindbook::bench
