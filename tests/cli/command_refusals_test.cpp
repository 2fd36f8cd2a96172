// What the subcommands refuse before any work, by the rule, which the program itself does not show.
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/base/domains.h"
#include "blindbook/base/random.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/protocol/log_segment.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/operator_folder.h"

#include "cli/commands.h"
#include "cli/common/option_table.h"
#include "cli/open_from.h"
#include "tests/protocol/in_memory_operator.h"
#include "tests/support/temporary_folder.h"

using namespace blindbook;
using namespace blindbook::cli;

namespace {

using test_support::TemporaryFolder;
using Run = Result<ExitCode> (*)(const Arguments&);

Error refusal_of(Run run, std::string_view command, const std::vector<const char*>& words) {
  const auto arguments = Arguments::parse(**find_command(command), words);
  REQUIRE(arguments);
  const auto ended = run(*arguments);
  REQUIRE_FALSE(ended);
  CHECK_FALSE(ended.error().hint.empty());
  return ended.error();
}

std::string_view rule_of(Run run, std::string_view command, const std::vector<const char*>& words) {
  return refusal_of(run, command, words).rule;
}

}  // namespace

TEST_CASE("a command that does not exist is refused by naming those that do") {
  const auto refused = find_command("frobnicate");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().rule == "usage.command");
  CHECK(refused.error().hint.find("discover") != std::string::npos);
}

TEST_CASE("init refuses a suite that is none and a passphrase that nothing needs") {
  const std::vector<const char*> common{"--data", "absent/folder", "--operator", "Tests"};
  auto words = common;
  words.insert(words.end(), {"--suite", "rsa"});
  CHECK(rule_of(run_init, "init", words) == "usage.suite");
  words = common;
  words.insert(words.end(), {"--unsealed-key", "--passphrase-file", "p"});
  CHECK(rule_of(run_init, "init", words) == "usage.passphrase");
  CHECK_FALSE(std::filesystem::exists("absent"));
}

TEST_CASE("publish refuses a size of labels that is no number of bytes") {
  for (const char* size : {"x", "24x", "65536", "2.5", " 24"}) {
    CHECK(rule_of(run_publish, "publish",
                  {"--data", "absent", "--subscribers", "absent", "--label-bytes", size}) ==
          "usage.label-bytes");
  }
}

TEST_CASE("serve refuses half of a tls pair and plain http beyond this machine") {
  const std::vector<const char*> common{"--data", "absent", "--listen"};
  auto words = common;
  words.insert(words.end(), {"127.0.0.1:0", "--tls-cert", "c"});
  CHECK(rule_of(run_serve, "serve", words) == "usage.tls");
  words = common;
  words.insert(words.end(), {"127.0.0.1:0", "--tls-key", "k"});
  CHECK(rule_of(run_serve, "serve", words) == "usage.tls");
  for (const char* address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:80", "city.example:80"}) {
    words = common;
    words.push_back(address);
    CHECK(rule_of(run_serve, "serve", words) == "usage.insecure-http");
  }
}

TEST_CASE("serve refuses the proxy protocol where no proxy is trusted") {
  const TemporaryFolder place;
  SystemRandom random;
  REQUIRE(service::OperatorFolder::create(place / "operator",
                                          {.name = "Tests",
                                           .protection = protocol::KeyProtection::kNone,
                                           .passphrase = {},
                                           .root_key_out = {},
                                           .slot_folder = {},
                                           .public_url = {},
                                           .now = UnixTime(1'800'000'000)},
                                          random)
              .has_value());
  const std::string folder = place / "operator";
  CHECK(rule_of(run_serve, "serve",
                {"--data", folder.c_str(), "--listen", "127.0.0.1:0", "--proxy-protocol"}) ==
        "usage.proxy-protocol");
}

TEST_CASE("token refuses a time that is none or too long") {
  for (const char* time :
       {"0s", "10", "m", "25h", "86401s", "1441m", "1d", "10 m", "18446744073709551617s"}) {
    CHECK(rule_of(run_token, "token", {"--data", "absent", "--account", "a", "--ttl", time}) == "usage.ttl");
  }
}

TEST_CASE("ledger refuses to guess what is to be done") {
  CHECK(rule_of(run_ledger, "ledger", {"--data", "absent"}) == "usage.ledger");
  CHECK(rule_of(run_ledger, "ledger", {"burn", "--data", "absent"}) == "usage.ledger");
}

TEST_CASE("completion refuses a shell that it has no script for") {
  CHECK(rule_of(run_completion, "completion", {}) == "usage.shell");
  CHECK(rule_of(run_completion, "completion", {"fish"}) == "usage.shell");
}

TEST_CASE("discover refuses to guess whom to ask and what to keep") {
  const auto rule = [](std::vector<const char*> words) {
    words.insert(words.end(), {"--contacts", "absent"});
    return rule_of(run_discover, "discover", words);
  };
  CHECK(rule({}) == "usage.peer");
  CHECK(rule({"--server", "https://city.example"}) == "usage.peer");
  CHECK(rule({"--operator-key", "k"}) == "usage.peer");
  CHECK(rule({"blindbook://city.example/#key", "--server", "https://city.example"}) == "usage.peer");
  CHECK(rule({"--server", "http://city.example", "--operator-key", "k"}) == "usage.insecure-http");
  CHECK(rule({"--server", "http://192.0.2.1", "--operator-key", "k"}) == "usage.insecure-http");
  CHECK(rule({"--state", "s", "--no-state"}) == "usage.state");
  CHECK(rule({"--report", "r.html", "--dry-run"}) == "usage.report");
  CHECK(rule({"--server", "https://city.example", "--operator-key", "k", "--report", "r.json",
              "--report-language", "de"}) == "usage.report");
}

TEST_CASE(
    "discover opens labels of numbers out of a file that can be read and of no more than an account can ask "
    "for") {
  const TemporaryFolder folder;
  const std::string path = (folder / "numbers").string();
  const auto rule_for = [&](std::string_view content, const char* contacts = "absent") {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    const std::vector<const char*> words{"--contacts", contacts, "--open-from", path.c_str()};
    const auto arguments = Arguments::parse(**find_command("discover"), words);
    REQUIRE(arguments);
    const auto numbers = read_open_from(*arguments, {});
    return numbers ? std::to_string(numbers->size()) : std::string(numbers.error().rule);
  };
  CHECK(rule_for("") == "0");
  CHECK(rule_for("+493023125001\n\n \t+49 30 23125002\r\n") == "2");
  CHECK(rule_for("+493023125001\ncall me\n") == "usage.open-from");
  CHECK(rule_for("030 23125001\n") == "usage.open-from");
  std::string many;
  for (int i = 0; i < 257; ++i) {
    many += "+493023125" + std::to_string(100 + i) + "\n";
  }
  CHECK(rule_for(many) == "usage.open-from");
  CHECK(rule_for(std::string(70'000, '\n')) == "file.size");
  CHECK(rule_of(run_discover, "discover", {"--contacts", "absent", "--dry-run", "--open-from", "absent"}) ==
        "usage.open-from");
  CHECK(rule_of(run_discover, "discover", {"--contacts", "absent", "--refresh", "--open-from", "absent"}) ==
        "usage.open-from");
  const std::vector<const char*> twice{"--contacts", "-", "--open-from", "-"};
  CHECK(read_open_from(*Arguments::parse(**find_command("discover"), twice), {}).error().rule ==
        "usage.open-from");
}

TEST_CASE("inspect refuses what is no file of ours and evidence that was cut") {
  const TemporaryFolder folder;
  const std::string path = (folder / "file").string();
  const auto error_for = [&](std::string_view content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    const std::vector<const char*> words{path.c_str()};
    const auto arguments = Arguments::parse(**find_command("inspect"), words);
    REQUIRE(arguments);
    return run_inspect(*arguments).error();
  };
  CHECK(error_for("").rule == "inspect.unknown");
  CHECK(error_for("<html>").rule == "inspect.unknown");
  const std::string evidence(magic::kEvidence);
  for (const std::string_view cut : {std::string_view("\0", 1), std::string_view("\0\0\0\5half", 8)}) {
    const Error error = error_for(evidence + std::string(cut));
    CHECK(error.rule == "evidence.format");
    CHECK(error.fault == Fault::kBadInput);
  }
}

TEST_CASE("inspect finds a body that is not of its place in the log") {
  const TemporaryFolder folder;
  test_support::InMemoryOperator city;
  const Bytes first = city.announce();
  const Bytes second = city.announce();
  const protocol::LogSegment log{
      .first = 1, .before = {}, .objects = {Digest(hash::sha256({first})), Digest(hash::sha256({second}))}};
  const auto write = [&](const std::string& name, const Bytes& content) {
    REQUIRE(service::write_file_atomically(folder / name, content, service::FileAccess::kOwnerOnly));
  };
  const std::string path = (folder / "log").string();
  const auto inspect = [&] {
    const std::vector<const char*> words{path.c_str()};
    return run_inspect(Arguments::parse(**find_command("inspect"), words).value());
  };
  write("log", protocol::encode_log(log));
  write("2.bba", second);
  CHECK(inspect());
  write("2.bba", first);
  CHECK(inspect().error().rule == "log.body");
}
