#include "tests/bench/comparison/parties.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/service/descriptor.h"

#include "tests/bench/baselines/blindbook.h"
#include "tests/bench/comparison/frames.h"
#include "tests/bench/comparison/party.h"
#include "tests/bench/comparison/process_figures.h"
#include "tests/bench/comparison/scene.h"

extern char** environ;

namespace blindbook::bench {
namespace {

using nlohmann::json;
using service::Descriptor;

/// How long the second party may take to say what became of it, once the first has failed.
constexpr double kLastWordSeconds = 2;
/// Less CPU than this is what waiting takes.
constexpr double kComputesSeconds = 0.001;

void check(int error, const char* what) {
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), what);
  }
}

std::pair<Descriptor, Descriptor> socket_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    check(errno, "no sockets for the parties");
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// Numbers above all that a party finds open, so that none is overwritten before it is moved.
Descriptor moved_up(const Descriptor& from) {
  const int above = ::fcntl(from.get(), F_DUPFD_CLOEXEC, kPartySocket + 1);
  if (above < 0) {
    check(errno, "no sockets for the parties");
  }
  return Descriptor(above);
}

/// The environment of a party: this process's, without what changes the allocator, and with the kernel that the name of its
/// protocol asks for.
std::vector<std::string> environment_for(std::string_view protocol) {
  const std::string kernel = std::string(cpu::kKernelVariable) + "=";
  std::vector<std::string> out;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (text.rfind(kernel, 0) != 0 && text.rfind("GLIBC_TUNABLES=", 0) != 0) {
      out.emplace_back(text);
    }
  }
  if (protocol.substr(0, kBlindbookPrefix.size()) == kBlindbookPrefix) {
    out.push_back(kernel + std::string(protocol.substr(kBlindbookPrefix.size())));
  }
  return out;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) {
    out.push_back(word.data());
  }
  out.push_back(nullptr);
  return out;
}

pid_t spawn(const std::string& program, const char* role, std::string_view protocol,
            const Descriptor& control, const Descriptor& other_party) {
  std::vector<std::string> words{program, std::string(kPartyOption), role, std::to_string(::getpid())};
  std::vector<std::string> variables = environment_for(protocol);
  const std::vector<char*> arguments = pointers_to(words);
  const std::vector<char*> environment = pointers_to(variables);

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  check(::posix_spawn_file_actions_init(&files), "a party cannot be started");
  check(::posix_spawnattr_init(&attributes), "a party cannot be started");
  ::posix_spawn_file_actions_adddup2(&files, control.get(), kControlSocket);
  ::posix_spawn_file_actions_adddup2(&files, other_party.get(), kPartySocket);
  // Signals that this program waits for on a descriptor are blocked here, and not there.
  sigset_t none;
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t process = -1;
  const int error =
      ::posix_spawn(&process, program.c_str(), &files, &attributes, arguments.data(), environment.data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  check(error, "a party cannot be started");
  return process;
}

std::string end_of(int status) {
  return WIFSIGNALED(status) ? "was ended by signal " + std::to_string(WTERMSIG(status))
                             : "ended by itself with " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

/// One process, and what it answered last.
class Parties::Seat {
 public:
  Seat(const char* role, pid_t process, Descriptor control)
      : role_(role), process_(process), control_(std::move(control)) {}
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  ~Seat() { static_cast<void>(end()); }

  [[nodiscard]] const char* role() const { return role_; }
  [[nodiscard]] pid_t process() const { return process_; }
  [[nodiscard]] int control() const { return control_.get(); }
  [[nodiscard]] bool is_pending() const { return !reply_ && !is_gone_; }
  [[nodiscard]] bool has_failed() const { return is_gone_ || (reply_ && reply_->contains("error")); }
  /// It failed for nothing else than that the other one is gone.
  [[nodiscard]] bool is_bereaved() const { return reply_ && reply_->contains("peer_gone"); }
  [[nodiscard]] const json& reply() const { return *reply_; }

  void tell(const json& command) {
    reply_.reset();
    try {
      write_frame(control(), bytes_of(command.dump()), kMostControlBytes);
    } catch (const PeerGone&) {
      is_gone_ = true;
    }
  }

  void take_reply() {
    try {
      const Bytes text = read_frame(control(), kMostControlBytes);
      reply_ = json::parse(text.begin(), text.end());
    } catch (const PeerGone&) {
      is_gone_ = true;
    }
  }

  /// "service of naive failed: ..", of one that has.
  [[nodiscard]] std::string failure(const std::string& protocol) {
    const std::string who = std::string(role_) + " of " + protocol + " ";
    return "the " + who + (is_gone_ ? end_of(end()) : "failed: " + reply_->at("error").get<std::string>());
  }

 private:
  /// Ends the process, if it has not ended, and gives its status.
  int end() {
    if (process_ <= 0) {
      return status_;
    }
    // One whose sockets are closed is about to end, with a status of its own.
    for (double since = wall_seconds(); is_gone_ && wall_seconds() - since < kLastWordSeconds;) {
      if (::waitpid(process_, &status_, WNOHANG) == process_) {
        process_ = -1;
        return status_;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, &status_, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    return status_;
  }

  const char* role_;
  pid_t process_;
  Descriptor control_;
  std::optional<json> reply_;
  bool is_gone_ = false;
  int status_ = 0;
};

struct Parties::Replies {
  const json& service;
  const json& client;
};

Parties::Parties(const Keeping& keeping, std::string protocol, std::size_t subscribers, std::uint64_t seed)
    : keeping_(keeping), protocol_(std::move(protocol)), subscribers_(subscribers), seed_(seed) {
  auto between = socket_pair();
  const auto start = [&](const char* role, const Descriptor& other_party) {
    auto control = socket_pair();
    const pid_t process =
        spawn(keeping_.program, role, protocol_, moved_up(control.second), moved_up(other_party));
    return std::make_unique<Seat>(role, process, std::move(control.first));
  };
  service_ = start("service", between.first);
  client_ = start("client", between.second);
}

Parties::Parties(Parties&&) noexcept = default;
Parties& Parties::operator=(Parties&&) noexcept = default;
Parties::~Parties() = default;

std::vector<int> Parties::processes() const {
  return {service_->process(), client_->process()};
}

Parties::Replies Parties::tell(const json& command) {
  const std::array<Seat*, 2> seats{service_.get(), client_.get()};
  for (Seat* const seat : seats) {
    seat->tell(command);
  }
  const auto computed = [&] {
    double sum = 0;
    for (const Seat* const seat : seats) {
      sum += cpu_seconds_of(seat->process()).value_or(0);
    }
    return sum;
  };
  const double begun = wall_seconds();
  double computed_before = computed();
  double computed_at = begun;
  std::optional<double> failed_at;
  while (service_->is_pending() || client_->is_pending()) {
    // A descriptor below 0 is not looked at.
    std::array<pollfd, 3> waits{pollfd{service_->is_pending() ? service_->control() : -1, POLLIN, 0},
                                pollfd{client_->is_pending() ? client_->control() : -1, POLLIN, 0},
                                pollfd{keeping_.interrupts, POLLIN, 0}};
    const double tick =
        std::min({1.0, keeping_.patience_seconds / 4, failed_at ? kLastWordSeconds / 4 : 1.0});
    ::poll(waits.data(), waits.size(), static_cast<int>(tick * 1000));
    if (waits[2].revents != 0) {
      throw Interrupted();
    }
    for (std::size_t i = 0; i < seats.size(); ++i) {
      if (waits[i].revents != 0) {
        seats[i]->take_reply();
      }
    }
    const double now = wall_seconds();
    if (service_->has_failed() || client_->has_failed()) {
      failed_at = failed_at.value_or(now);
      if (now - *failed_at > kLastWordSeconds) {
        break;
      }
    }
    if (const double sum = computed(); sum > computed_before + kComputesSeconds) {
      computed_before = sum;
      computed_at = now;
    }
    if (!failed_at &&
        (now - computed_at > keeping_.patience_seconds || now - begun > keeping_.limit_seconds)) {
      blame_for_waiting(now - computed_at > keeping_.patience_seconds);
    }
  }
  blame_for_failing();
  return {service_->reply(), client_->reply()};
}

/// Whoever has not answered in time is to blame.
void Parties::blame_for_waiting(bool is_idle) const {
  const bool both = service_->is_pending() && client_->is_pending();
  const std::string who = both ? "service and the client" : service_->is_pending() ? "service" : "client";
  throw PartyFailed("the " + who + " of " + protocol_ + (both ? " hang" : " hangs") +
                    (is_idle ? ": nothing was computed for " : ": no answer came for ") +
                    std::to_string(static_cast<std::uint64_t>(is_idle ? keeping_.patience_seconds
                                                                      : keeping_.limit_seconds)) +
                    " s");
}

/// Of two that failed, the one that did so first: the other only lost it.
void Parties::blame_for_failing() {
  Seat* failed = nullptr;
  for (Seat* const seat : {service_.get(), client_.get()}) {
    if (seat->has_failed() && (failed == nullptr || failed->is_bereaved())) {
      failed = seat;
    }
  }
  if (failed != nullptr) {
    throw PartyFailed(failed->failure(protocol_));
  }
}

Setup Parties::set_up() {
  const Replies replies = tell({{"protocol", protocol_}, {"subscribers", subscribers_}, {"seed", seed_}});
  Setup out;
  out.protocol = protocol_;
  out.subscribers = subscribers_;
  out.cpu_seconds = replies.service.at("cpu_seconds").get<double>();
  out.wall_seconds = replies.service.at("wall_seconds").get<double>();
  out.published_bytes = replies.service.at("published_bytes").get<std::uint64_t>();
  out.peak_bytes = replies.service.at("peak_bytes").get<std::uint64_t>();
  publishes_ = out.published_bytes > 0;
  return out;
}

Run Parties::run(std::size_t contacts, std::size_t round) {
  const auto [service, client] = tell({{"contacts", contacts}, {"round", round}, {"download", publishes_}});
  if (service.at("bytes_sent") != client.at("bytes_received") ||
      client.at("bytes_sent") != service.at("bytes_received")) {
    throw PartyFailed("the parties of " + protocol_ + " do not agree on what passed between them");
  }
  Run out;
  out.protocol = protocol_;
  out.subscribers = subscribers_;
  out.contacts = contacts;
  out.round = round;
  service.at("cpu_seconds").get_to(out.service.cpu_seconds);
  service.at("bytes_sent").get_to(out.service.bytes_sent);
  service.at("messages_sent").get_to(out.service.messages_sent);
  service.at("peak_bytes").get_to(out.service.peak_bytes);
  client.at("ask_cpu_seconds").get_to(out.client.ask_cpu_seconds);
  client.at("match_cpu_seconds").get_to(out.client.match_cpu_seconds);
  client.at("bytes_sent").get_to(out.client.bytes_sent);
  client.at("messages_sent").get_to(out.client.messages_sent);
  client.at("peak_bytes").get_to(out.client.peak_bytes);
  client.at("download_bytes").get_to(out.download_bytes);
  client.at("wall_seconds").get_to(out.wall_seconds);
  client.at("round_trips").get_to(out.round_trips);
  const auto matches = client.at("matches").get<std::vector<std::size_t>>();
  out.matches = matches.size();
  try {
    const Mistakes mistakes =
        compare_with_truth(make_address_book(seed_, subscribers_, contacts, round), matches);
    out.missed = mistakes.missed;
    out.false_matches = mistakes.false_matches;
  } catch (const std::runtime_error& error) {
    throw PartyFailed("the client of " + protocol_ + " failed: " + error.what());
  }
  return out;
}

}  // namespace blindbook::bench
