#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tests/bench/comparison/results.h"

/// The two processes of a comparison, from outside.
namespace blindbook::bench {

/// A party died, failed or hangs; the text names it.
class PartyFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A signal asked this program to end.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

/// How parties are started and waited for.
struct Keeping {
  std::string program;           ///< what is executed, with kPartyOption
  double patience_seconds = 60;  ///< how long both parties may wait without computing
  double limit_seconds = 7'200;  ///< how long one step may take
  int interrupts = -1;  ///< a descriptor that can be read once a signal has asked for the end; -1: none
};

/// A service and a client of one protocol over one set of subscribers. They end with this object, and with this process.
class Parties {
 public:
  /// Starts both. The processes of "blindbook-KERNEL" run with that kernel.
  Parties(const Keeping& keeping, std::string protocol, std::size_t subscribers, std::uint64_t seed);
  Parties(Parties&&) noexcept;
  Parties& operator=(Parties&&) noexcept;
  ~Parties();

  /// Lets the service set up, and the client begin. Once, before run(). Throws PartyFailed, Interrupted.
  [[nodiscard]] Setup set_up();

  /// One run over the contacts of that round. Throws PartyFailed, also when the parties do not agree on what passed
  /// between them, and Interrupted.
  [[nodiscard]] Run run(std::size_t contacts, std::size_t round);

  /// The processes: service, then client.
  [[nodiscard]] std::vector<int> processes() const;

 private:
  class Seat;
  struct Replies;

  [[nodiscard]] Replies tell(const nlohmann::json& command);
  [[noreturn]] void blame_for_waiting(bool is_idle) const;
  void blame_for_failing();

  Keeping keeping_;
  std::string protocol_;
  std::size_t subscribers_;
  std::uint64_t seed_;
  std::unique_ptr<Seat> service_;
  std::unique_ptr<Seat> client_;
  bool publishes_ = false;
};

}  // namespace blindbook::bench
