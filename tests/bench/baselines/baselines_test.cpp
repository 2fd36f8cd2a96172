// Every baseline against the truth, and what its messages give away.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/bench/baselines/blind_rsa.h"
#include "tests/bench/baselines/classic_dh.h"
#include "tests/bench/baselines/ecdh.h"
#include "tests/bench/baselines/matrix_lookup.h"
#include "tests/bench/baselines/prefix_buckets.h"
#include "tests/bench/baselines/recorded_run.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::bench {
namespace {

using test_support::DeterministicRandom;

std::vector<Protocol> all_baselines() {
  std::vector<Protocol> out;
  for (const auto& family : {matrix_protocols(), bucket_protocols(), blind_rsa_protocols(),
                             classic_dh_protocols(), ecdh_protocols()}) {
    out.insert(out.end(), family.begin(), family.end());
  }
  return out;
}

/// +33 6 39 98 xx xx, kept for fiction by Arcep.
std::vector<std::string> fictional(std::size_t first, std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = first; i < first + count; ++i) {
    out.push_back("tel:+3363998" + std::to_string(10'000 + i).substr(1));
  }
  return out;
}

/// Every third of 12 contacts subscribes, beside others.
struct Scene {
  std::vector<std::string> contacts = fictional(100, 12);
  std::vector<std::string> subscribers = fictional(5000, 20);
  std::vector<std::size_t> truth;

  Scene() {
    for (std::size_t i = 0; i < contacts.size(); i += 3) {
      truth.push_back(i);
      subscribers.push_back(contacts[i]);
    }
  }
};

const Scene& scene() {
  static const Scene kScene;
  return kScene;
}

/// A baseline with a service of the scene.
struct Served {
  Protocol protocol;
  std::unique_ptr<Service> service;
};

/// Those whose RSA keys have at most so many bits: the longer ones take seconds to make, and run the same code.
std::vector<Served> served_baselines(unsigned rsa_bits, RandomSource& random) {
  std::vector<Served> out;
  for (const Protocol& protocol : all_baselines()) {
    if (rsa_bits >= 3072 || protocol.name.find("3072") == std::string_view::npos) {
      out.push_back({protocol, protocol.make_service(scene().subscribers, random)});
    }
  }
  return out;
}

/// All runs of `size` bytes in the messages.
std::set<Bytes> windows_of(const std::vector<Bytes>& messages, std::size_t size) {
  std::set<Bytes> out;
  for (const Bytes& message : messages) {
    for (std::size_t at = 0; at + size <= message.size(); ++at) {
      const auto first = message.begin() + static_cast<std::ptrdiff_t>(at);
      out.emplace(first, first + static_cast<std::ptrdiff_t>(size));
    }
  }
  return out;
}

bool share_bytes(const std::vector<Bytes>& a, const std::vector<Bytes>& b) {
  constexpr std::size_t kWindow = 8;
  const std::set<Bytes> windows = windows_of(a, kWindow);
  const std::set<Bytes> others = windows_of(b, kWindow);
  return std::any_of(others.begin(), others.end(),
                     [&](const Bytes& window) { return windows.count(window) != 0; });
}

}  // namespace

TEST_CASE("every baseline finds exactly the contacts who subscribe") {
  const std::span<const std::string> contacts = scene().contacts;
  DeterministicRandom service_random(1);
  for (const auto& [protocol, service] : served_baselines(3072, service_random)) {
    INFO(protocol.name);
    DeterministicRandom random(2);
    CHECK(run_recorded(protocol, *service, contacts, random).matches == scene().truth);
    // And again, from the same service.
    CHECK(run_recorded(protocol, *service, contacts.first(1), random).matches == std::vector<std::size_t>{0});
    CHECK(run_recorded(protocol, *service, contacts.subspan(1, 2), random).matches.empty());
    CHECK(run_recorded(protocol, *service, {}, random).matches.empty());
  }
}

TEST_CASE("every baseline answers that nobody subscribes where nobody does") {
  for (const Protocol& protocol : all_baselines()) {
    if (protocol.name.substr(0, 4) == "rsa-") {
      continue;  // publishes as the Diffie-Hellman baselines do, and another key would take its time
    }
    INFO(protocol.name);
    DeterministicRandom random(3);
    DeterministicRandom service_random(4);
    const auto service = protocol.make_service({}, service_random);
    CHECK(run_recorded(protocol, *service, std::span(scene().contacts).first(2), random).matches.empty());
  }
}

TEST_CASE("what a client sends repeats exactly where a baseline does not hide contacts") {
  DeterministicRandom service_random(6);
  for (const auto& [protocol, service] : served_baselines(2048, service_random)) {
    INFO(protocol.name);
    DeterministicRandom random(5);
    const auto contacts = std::span(scene().contacts).first(4);
    const Transcript first = run_recorded(protocol, *service, contacts, random).transcript;
    const Transcript second = run_recorded(protocol, *service, contacts, random).transcript;
    if (protocol.hides_contacts) {
      CHECK(!share_bytes(first.from_client, second.from_client));
      // Nor do the answers, but for the service's public key in front of them.
      CHECK(!share_bytes({first.from_service.back()}, {second.from_service.back()}));
    } else {
      CHECK(first.from_client.back() == second.from_client.back());
    }
  }
}

TEST_CASE("a baseline refuses messages that are not of its form") {
  struct Sender final : public Client {
    void ask(Channel& service) override {
      for (int i = 0; i < 2; ++i) {
        service.send(Bytes(7, 0xFF));
        static_cast<void>(service.receive());
      }
    }
    std::vector<std::size_t> match(ByteView /*published*/) override { return {}; }
  };
  DeterministicRandom service_random(8);
  for (const auto& [served, service] : served_baselines(2048, service_random)) {
    INFO(served.name);
    DeterministicRandom random(7);
    Protocol protocol = served;
    protocol.make_client = [](std::span<const std::string> /*contacts*/,
                              RandomSource& /*random*/) -> std::unique_ptr<Client> {
      return std::make_unique<Sender>();
    };
    CHECK_THROWS_AS(run_recorded(protocol, *service, {}, random), std::runtime_error);
  }
}

TEST_CASE("more subscribers and contacts take more memory, and a cap says why") {
  for (const Protocol& protocol : all_baselines()) {
    INFO(protocol.name);
    CHECK(protocol.service_memory(1 << 20, 1024) > protocol.service_memory(1 << 10, 64));
    CHECK(protocol.client_memory(1 << 20, 1024) > protocol.client_memory(1 << 20, 64));
    if (protocol.cap) {
      CHECK(!protocol.cap->why.empty());
    }
  }
}

}  // namespace blindbook::bench
