#include "tests/bench/comparison/party.h"

#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <malloc.h>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <unistd.h>

#include "blindbook/base/random.h"

#include "tests/bench/comparison/frames.h"
#include "tests/bench/comparison/process_figures.h"
#include "tests/bench/comparison/scene.h"
#include "tests/bench/comparison/socket_channel.h"

namespace blindbook::bench {
namespace {

using nlohmann::json;

json read_command() {
  const Bytes text = read_frame(kControlSocket, kMostControlBytes);
  return json::parse(text.begin(), text.end());
}

void write_reply(const json& reply) {
  write_frame(kControlSocket, bytes_of(reply.dump()), kMostControlBytes);
}

/// What a party is told at its beginning.
struct Task {
  const Protocol* protocol;
  std::size_t subscribers;
  std::uint64_t seed;
};

class ServiceParty {
 public:
  ServiceParty(const Task& task, SystemRandom& random) : task_(task), random_(random) {}

  json begin() {
    json figures;
    {
      const std::vector<std::string> subscribers = make_subscribers(task_.seed, task_.subscribers);
      const double wall = wall_seconds();
      const double cpu = cpu_seconds();
      service_ = task_.protocol->make_service(subscribers, random_);
      figures["cpu_seconds"] = cpu_seconds() - cpu;
      figures["wall_seconds"] = wall_seconds() - wall;
    }
    figures["peak_bytes"] = peak_memory();
    figures["published_bytes"] = service_->published().size();
    // The list of subscribers goes back, or a service would seem to hold it while others are measured.
    ::malloc_trim(0);
    return figures;
  }

  json run(const json& /*command*/) {
    restart_peak_memory();
    const double cpu = cpu_seconds();
    service_->answer(channel_);
    const double took = cpu_seconds() - cpu;
    const Traffic traffic = channel_.take_traffic();
    if (!service_->published().empty()) {
      channel_.send(service_->published());
      static_cast<void>(channel_.take_traffic());
    }
    return {{"cpu_seconds", took},
            {"bytes_sent", traffic.bytes_sent},
            {"messages_sent", traffic.messages_sent},
            {"bytes_received", traffic.bytes_received},
            {"peak_bytes", peak_memory()}};
  }

 private:
  Task task_;
  SystemRandom& random_;
  SocketChannel channel_{service::Descriptor(kPartySocket)};
  std::unique_ptr<Service> service_;
};

class ClientParty {
 public:
  ClientParty(const Task& task, SystemRandom& random) : task_(task), random_(random) {}

  json begin() { return json::object(); }

  json run(const json& command) {
    const AddressBook book =
        make_address_book(task_.seed, task_.subscribers, command.at("contacts").get<std::size_t>(),
                          command.at("round").get<std::size_t>());
    restart_peak_memory();
    const double wall = wall_seconds();
    const double begun = cpu_seconds();
    const std::unique_ptr<Client> client = task_.protocol->make_client(book.contacts, random_);
    client->ask(channel_);
    const double asked = cpu_seconds();
    const Traffic traffic = channel_.take_traffic();
    Bytes published;
    if (command.at("download").get<bool>()) {
      published = channel_.receive();
    }
    const Traffic download = channel_.take_traffic();
    const double fetched = cpu_seconds();
    const std::vector<std::size_t> matches = client->match(published);
    const double matched = cpu_seconds();
    return {{"ask_cpu_seconds", asked - begun},
            {"match_cpu_seconds", matched - fetched},
            {"wall_seconds", wall_seconds() - wall},
            {"bytes_sent", traffic.bytes_sent},
            {"messages_sent", traffic.messages_sent},
            {"bytes_received", traffic.bytes_received},
            {"round_trips", traffic.round_trips},
            {"download_bytes", download.bytes_received},
            {"peak_bytes", peak_memory()},
            {"matches", matches}};
  }

 private:
  Task task_;
  SystemRandom& random_;
  SocketChannel channel_{service::Descriptor(kPartySocket)};
};

/// Does what is asked for until nobody asks any more.
template <class Party>
void obey(const Task& task) {
  SystemRandom random;
  Party party(task, random);
  write_reply(party.begin());
  while (true) {
    json command;
    try {
      command = read_command();
    } catch (const PeerGone&) {
      return;
    }
    write_reply(party.run(command));
  }
}

Task read_task(const FindProtocol& find) {
  const json command = read_command();
  const auto name = command.at("protocol").get<std::string>();
  const Protocol* const protocol = find(name);
  if (protocol == nullptr) {
    throw std::invalid_argument("it does not know the protocol " + name);
  }
  return {protocol, command.at("subscribers").get<std::size_t>(), command.at("seed").get<std::uint64_t>()};
}

void live(bool is_service, const FindProtocol& find) {
  try {
    const Task task = read_task(find);
    if (is_service) {
      obey<ServiceParty>(task);
    } else {
      obey<ClientParty>(task);
    }
  } catch (const PeerGone& error) {
    // Whose fault that is the parent finds out.
    write_reply({{"error", error.what()}, {"peer_gone", true}});
  } catch (const std::exception& error) {
    write_reply({{"error", error.what()}});
  }
}

}  // namespace

int run_party(std::span<const char* const> words, const FindProtocol& find) {
  const std::string_view role = words.empty() ? std::string_view() : words[0];
  if (words.size() != 2 || (role != "service" && role != "client")) {
    return 2;
  }
  // A parent that is killed takes its parties with it; one that was killed before this line is not the parent any more.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (std::to_string(::getppid()) != words[1]) {
    return 1;
  }
  // Ctrl-C, and a terminal that is closed, reach the whole group; when to end is said by the parent.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGHUP, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  hold_to_one_core(role == "service" ? Core::kFirst : Core::kSecond);
  try {
    live(role == "service", find);
  } catch (const std::exception&) {
    return 1;  // the parent is gone
  }
  return 0;
}

}  // namespace blindbook::bench
