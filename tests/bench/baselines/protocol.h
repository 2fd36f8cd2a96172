#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/random.h"

/// What every protocol of the comparison is behind: blindbook and its baselines alike. A service holds the subscribers, a
/// client the contacts, both canonical identifiers ("tel:+E164", as text); the client is to learn which contacts subscribe.
///
/// A run has three parts, metered apart:
///   setup     the service alone, once for a set: make_service()
///   ask       both, over a channel: make_client() and Client::ask() beside Service::answer()
///   match     the client alone, with what the service publishes to all alike: Client::match()
/// What fails throws std::exception; a party that throws ends the run, and its text is shown.
/// Baselines are research code: correct, no faster than their libraries are, and not constant-time. Nothing of blindbook links
/// them.
namespace blindbook::bench {

/// The other party, as whole messages in order. What passes is counted by whoever implements it.
class Channel {
 public:
  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  virtual ~Channel() = default;

  virtual void send(ByteView message) = 0;
  /// The next message. Throws std::runtime_error when the other party is gone.
  [[nodiscard]] virtual Bytes receive() = 0;
};

class Service {
 public:
  Service() = default;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  virtual ~Service() = default;

  /// What every client fetches, the same for all, once for a set; empty where there is no such thing. The setup is done.
  [[nodiscard]] virtual ByteView published() const = 0;

  /// The service's half of one run with one client.
  virtual void answer(Channel& client) = 0;
};

class Client {
 public:
  Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  virtual ~Client() = default;

  /// The client's half of one run.
  virtual void ask(Channel& service) = 0;

  /// The positions of the contacts that subscribe, ascending. Called once, after ask(); `published` is what
  /// Service::published() gave, fetched and metered as a download.
  [[nodiscard]] virtual std::vector<std::size_t> match(ByteView published) = 0;
};

/// Where a protocol would take hours, or memory that machines do not have.
struct Cap {
  std::size_t subscribers;  ///< at most
  std::size_t contacts;     ///< at most
  std::string_view why;     ///< one sentence
};

/// The most memory that a party takes beyond what it is given and what every program has, in bytes: an upper bound, asked
/// before a measurement begins.
using MemoryBound = std::uint64_t (*)(std::size_t subscribers, std::size_t contacts);

struct Protocol {
  std::string_view name;    ///< as an option has it: "ecdh-golomb"
  std::string_view title;   ///< as a table has it: "ECDH-PSI on P-256, Golomb set"
  std::string_view source;  ///< the paper, the specification or the product that it follows

  /// From a service that does not cheat, and from whoever gets at its memory: no contact can be told from the transcript,
  /// even by trying every number there is.
  bool hides_contacts;
  /// From a client that has asked: it cannot try more numbers without asking anew.
  bool hides_subscribers;
  std::string_view service_learns;
  std::string_view client_learns;
  std::string_view note;  ///< what else must be known to compare it fairly

  std::optional<Cap> cap;
  MemoryBound service_memory;
  MemoryBound client_memory;

  /// `subscribers` are gone once it has returned; `contacts`, and either `random`, outlive what is made.
  /// @{
  std::unique_ptr<Service> (*make_service)(std::span<const std::string> subscribers, RandomSource& random);
  std::unique_ptr<Client> (*make_client)(std::span<const std::string> contacts, RandomSource& random);
  /// @}
};

/// All of them, in the order of tables: blindbook first, then from those that hide nothing to those that hide most.
[[nodiscard]] std::span<const Protocol> protocols();

/// The protocol of that name, or null.
[[nodiscard]] const Protocol* find_protocol(std::string_view name);

}  // namespace blindbook::bench
