#include "tests/bench/comparison/tests/bad_protocols.h"

#include <array>
#include <csignal>
#include <stdexcept>

#include <poll.h>

namespace blindbook::bench {
namespace {

enum class Fault {
  kServiceDies,
  kClientDies,
  kSetupFails,
  kClientFails,
  kBothWait,
  kServiceWaits,
  kClientStopsEarly,
  kBeyondTheContacts,
  kMisses,
};

void die() {
  std::raise(SIGKILL);
}

template <Fault kFault>
class BadService final : public Service {
 public:
  [[nodiscard]] ByteView published() const override { return {}; }

  void answer(Channel& client) override {
    if (kFault == Fault::kServiceWaits) {
      ::poll(nullptr, 0, -1);
    }
    const Bytes request = client.receive();
    if (kFault == Fault::kServiceDies) {
      die();
    }
    client.send(request);
  }
};

template <Fault kFault>
class BadClient final : public Client {
 public:
  void ask(Channel& service) override {
    if (kFault == Fault::kBothWait) {
      static_cast<void>(service.receive());
    }
    service.send(bytes_of("anybody?"));
    if (kFault == Fault::kClientDies) {
      die();
    }
    if (kFault == Fault::kClientFails) {
      throw std::runtime_error("the dog ate the contacts");
    }
    if (kFault != Fault::kClientStopsEarly) {
      static_cast<void>(service.receive());
    }
  }

  [[nodiscard]] std::vector<std::size_t> match(ByteView /*published*/) override {
    if (kFault == Fault::kBeyondTheContacts) {
      return {1'000'000};
    }
    return {};
  }
};

std::uint64_t no_memory(std::size_t /*subscribers*/, std::size_t /*contacts*/) {
  return 0;
}

template <Fault kFault>
std::unique_ptr<Service> make_service(std::span<const std::string> /*subscribers*/,
                                      RandomSource& /*random*/) {
  if (kFault == Fault::kSetupFails) {
    throw std::runtime_error("the dog ate the subscribers");
  }
  return std::make_unique<BadService<kFault>>();
}
template <Fault kFault>
std::unique_ptr<Client> make_client(std::span<const std::string> /*contacts*/, RandomSource& /*random*/) {
  return std::make_unique<BadClient<kFault>>();
}

template <Fault kFault>
Protocol bad(std::string_view name) {
  return {.name = name,
          .title = "for tests",
          .source = "",
          .hides_contacts = false,
          .hides_subscribers = false,
          .service_learns = "",
          .client_learns = "",
          .note = "",
          .cap = std::nullopt,
          .service_memory = no_memory,
          .client_memory = no_memory,
          .make_service = make_service<kFault>,
          .make_client = make_client<kFault>};
}

}  // namespace

const Protocol* find_bad_protocol(std::string_view name) {
  static const std::array kBad{bad<Fault::kServiceDies>("service-dies"),
                               bad<Fault::kClientDies>("client-dies"),
                               bad<Fault::kSetupFails>("setup-fails"),
                               bad<Fault::kClientFails>("client-fails"),
                               bad<Fault::kBothWait>("both-wait"),
                               bad<Fault::kServiceWaits>("service-waits"),
                               bad<Fault::kClientStopsEarly>("client-stops-early"),
                               bad<Fault::kBeyondTheContacts>("beyond-the-contacts"),
                               bad<Fault::kMisses>("misses")};
  for (const Protocol& protocol : kBad) {
    if (protocol.name == name) {
      return &protocol;
    }
  }
  return nullptr;
}

}  // namespace blindbook::bench
