#include "tests/bench/comparison/parties.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <utility>

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/comparison/tests/keeping.h"

namespace blindbook::bench {
namespace {

/// What is said of a protocol that goes wrong.
std::string complaint_about(const Keeping& keeping, const std::string& protocol) {
  try {
    Parties parties(keeping, protocol, 8, 1);
    static_cast<void>(parties.set_up());
    static_cast<void>(parties.run(4, 0));
  } catch (const PartyFailed& error) {
    return error.what();
  }
  return "nothing";
}

bool is_there(int process) {
  return ::kill(process, 0) == 0 || errno != ESRCH;
}

TEST_CASE("a party that dies or fails is named and not the one that lost it") {
  const Keeping keeping = test_keeping();
  CHECK(complaint_about(keeping, "service-dies") == "the service of service-dies was ended by signal 9");
  CHECK(complaint_about(keeping, "client-dies") == "the client of client-dies was ended by signal 9");
  CHECK(complaint_about(keeping, "setup-fails") ==
        "the service of setup-fails failed: the dog ate the subscribers");
  CHECK(complaint_about(keeping, "client-fails") ==
        "the client of client-fails failed: the dog ate the contacts");
  CHECK(complaint_about(keeping, "unheard-of").find("does not know the protocol unheard-of") !=
        std::string::npos);
}

TEST_CASE("a party that hangs is named once nothing is computed any more") {
  Keeping keeping = test_keeping();
  keeping.patience_seconds = 0.3;
  CHECK(complaint_about(keeping, "both-wait") ==
        "the service and the client of both-wait hang: nothing was computed for 0 s");
  CHECK(complaint_about(keeping, "service-waits") ==
        "the service and the client of service-waits hang: nothing was computed for 0 s");
}

TEST_CASE("a client that does not hear its service out is found by the counts") {
  CHECK(complaint_about(test_keeping(), "client-stops-early") ==
        "the parties of client-stops-early do not agree on what passed between them");
}

TEST_CASE("matches beyond the contacts are the client's failure and contacts that are missed are counted") {
  CHECK(complaint_about(test_keeping(), "beyond-the-contacts")
            .find("the client of beyond-the-contacts failed") == 0);
  Parties parties(test_keeping(), "misses", 8, 1);
  static_cast<void>(parties.set_up());
  const Run run = parties.run(4, 0);
  CHECK(run.missed == 1);
  CHECK(run.matches == 0);
  CHECK(run.false_matches == 0);
}

TEST_CASE("a signal ends the waiting and the processes with it") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  Keeping keeping = test_keeping();
  keeping.interrupts = ends[0];
  std::vector<int> processes;
  {
    Parties parties(keeping, "both-wait", 8, 1);
    processes = parties.processes();
    static_cast<void>(parties.set_up());
    REQUIRE(::write(ends[1], "!", 1) == 1);
    CHECK_THROWS_AS(parties.run(4, 0), Interrupted);
    CHECK(is_there(processes[0]));
    CHECK(is_there(processes[1]));
  }
  CHECK_FALSE(is_there(processes[0]));
  CHECK_FALSE(is_there(processes[1]));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("no party outlives the process that started it") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t parent = ::fork();
  REQUIRE(parent >= 0);
  if (parent == 0) {
    Parties parties(test_keeping(), "both-wait", 8, 1);
    const std::vector<int> processes = parties.processes();
    static_cast<void>(parties.set_up());
    const bool told = ::write(ends[1], processes.data(), 2 * sizeof(int)) == 2 * sizeof(int);
    ::kill(::getpid(), told ? SIGKILL : SIGTERM);
  }
  ::close(ends[1]);
  std::array<int, 2> processes{};
  REQUIRE(::read(ends[0], processes.data(), sizeof processes) == sizeof processes);
  int status = 0;
  REQUIRE(::waitpid(parent, &status, 0) == parent);
  CHECK(WTERMSIG(status) == SIGKILL);
  // They hold the pipe's end too: it is closed when the last of them is gone.
  char byte = 0;
  CHECK(::read(ends[0], &byte, 1) == 0);
  ::close(ends[0]);
}

TEST_CASE("what is measured is there and of the right size") {
  Parties parties(test_keeping(), "naive", 2000, 1);
  const Setup setup = parties.set_up();
  CHECK(setup.protocol == "naive");
  CHECK(setup.subscribers == 2000);
  CHECK(setup.cpu_seconds > 0);
  CHECK(setup.wall_seconds > 0);
  CHECK(setup.published_bytes == 0);
  const Run run = parties.run(64, 3);
  CHECK(run.round == 3);
  CHECK(run.contacts == 64);
  CHECK(run.service.cpu_seconds > 0);
  CHECK(run.client.ask_cpu_seconds > 0);
  CHECK(run.service.bytes_sent == 4 + 64 / 8);
  CHECK(run.service.messages_sent == 1);
  CHECK(run.client.messages_sent == 1);
  CHECK(run.round_trips == 1);
  CHECK(run.download_bytes == 0);
  CHECK(run.matches == 16);
  // More than a program can do without, and less than this machine has.
  for (const std::uint64_t peak : {setup.peak_bytes, run.service.peak_bytes, run.client.peak_bytes}) {
    CHECK(peak > (1U << 20U));
    CHECK(peak < (std::uint64_t{1} << 33U));
  }
}

}  // namespace
}  // namespace blindbook::bench
