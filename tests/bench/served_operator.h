#pragma once

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "blindbook/service/descriptor.h"
#include "blindbook/service/http/endpoint.h"
#include "blindbook/service/operator_folder.h"

#include "tests/support/temporary_folder.h"
#include "tests/support/test_certificate.h"

namespace blindbook::bench {

/// Seconds that `clock` shows.
inline double seconds_of(clockid_t clock) {
  timespec time{};
  if (::clock_gettime(clock, &time) != 0) {
    throw std::runtime_error("a clock cannot be read");
  }
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// A child process, its standard output to be read. Ended with SIGTERM.
class ChildProcess {
 public:
  /// `command` begins with the program's path; standard error goes to the file `log`.
  ChildProcess(const std::vector<std::string>& command, const std::filesystem::path& log) {
    std::vector<char*> words;
    words.reserve(command.size() + 1);
    for (const std::string& word : command) {
      words.push_back(const_cast<char*>(word.c_str()));
    }
    words.push_back(nullptr);
    std::array<int, 2> ends{};
    const service::Descriptor log_file(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!log_file.valid() || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw std::runtime_error("no pipe or no log");
    }
    id_ = ::fork();
    if (id_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::dup2(log_file.get(), STDERR_FILENO);
      ::execv(words.front(), words.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    out_ = ::fdopen(ends[0], "r");
    if (id_ < 0 || out_ == nullptr) {
      throw std::runtime_error("no process");
    }
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() {
    if (id_ > 0) {
      ::kill(id_, SIGTERM);
      static_cast<void>(wait());
    }
    std::fclose(out_);
  }

  /// The next line it prints, without its end; empty at the end.
  std::string line() {
    std::string out;
    for (int c = std::fgetc(out_); c != EOF && c != '\n'; c = std::fgetc(out_)) {
      out.push_back(static_cast<char>(c));
    }
    return out;
  }
  /// Waits for its end: true when it ended with 0.
  bool wait() {
    int status = 1;
    return ::wait4(std::exchange(id_, -1), &status, 0, &used_) > 0 && status == 0;
  }
  /// CPU seconds that it used, and its peak of resident memory in MB of a million bytes, once it has ended.
  /// @{
  [[nodiscard]] double used_cpu_seconds() const {
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(used_.ru_utime) + seconds(used_.ru_stime);
  }
  [[nodiscard]] double used_megabytes() const { return static_cast<double>(used_.ru_maxrss) * 1024 / 1e6; }
  /// @}
  /// CPU seconds that all its threads have used, in user and system mode.
  [[nodiscard]] double cpu_seconds() const {
    clockid_t clock{};
    if (::clock_getcpuclockid(id_, &clock) != 0) {
      throw std::runtime_error("the service has ended");
    }
    return seconds_of(clock);
  }
  /// A line of /proc/<id>/status that is given in kB, such as "VmRSS", in MB of a million bytes.
  [[nodiscard]] double megabytes(const std::string& line) const {
    std::ifstream status("/proc/" + std::to_string(id_) + "/status");
    for (std::string word; status >> word;) {
      double kibibytes = 0;
      if (word == line + ":" && status >> kibibytes) {
        return kibibytes * 1024 / 1e6;
      }
    }
    throw std::runtime_error("the service has ended");
  }

 private:
  pid_t id_ = -1;
  std::FILE* out_ = nullptr;
  rusage used_{};
};

/// An operator with two subscribers in a folder that goes with it, served by `blindbook serve` over TLS on a free port
/// of loopback. Accounts may ask for any number of evaluations.
class ServedOperator {
 public:
  explicit ServedOperator(const std::string& program)
      : folder_(make_folder(program)),
        serve_({program, "serve", "--data", data(), "--listen", "127.0.0.1:0", "--tls-cert",
                certificate_.certificate_file(), "--tls-key", certificate_.key_file()},
               log()) {
    const std::string line = serve_.line();
    const std::string url = line.substr(std::min(line.size(), line.find_last_of(' ') + 1));
    const auto endpoint = service::http::parse_url(url);
    if (!endpoint) {
      throw std::runtime_error("the service did not start: " + line);
    }
    endpoint_ = *endpoint;
  }

  [[nodiscard]] service::OperatorFolder& folder() { return folder_; }
  [[nodiscard]] const service::http::Endpoint& endpoint() const { return endpoint_; }
  [[nodiscard]] std::string ca_file() const { return certificate_.certificate_file(); }
  [[nodiscard]] double cpu_seconds() const { return serve_.cpu_seconds(); }
  /// Memory that it has resident: now, and at most since it began.
  /// @{
  [[nodiscard]] double megabytes() const { return serve_.megabytes("VmRSS"); }
  [[nodiscard]] double most_megabytes() const { return serve_.megabytes("VmHWM"); }
  /// @}

 private:
  [[nodiscard]] std::string data() const { return place_ / "operator"; }
  [[nodiscard]] std::string log() const { return place_ / "log"; }

  void run(std::vector<std::string> command) const {
    if (!ChildProcess(command, log()).wait()) {
      throw std::runtime_error(command.at(1) + " failed");
    }
  }

  service::OperatorFolder make_folder(const std::string& program) const {
    run({program, "init", "--data", data(), "--operator", "City of Example", "--unsealed-key"});
    const std::string subscribers = place_ / "subscribers.csv";
    std::ofstream(subscribers) << "number,label,discoverable\n+493023125000,,yes\n+493023125001,,yes\n";
    run({program, "publish", "--data", data(), "--subscribers", subscribers});
    service::OperatorFolder folder = service::OperatorFolder::open(data(), {}).value();
    service::Config config = folder.config();
    config.allowance = {.initial = 1'000'000'000, .capacity = 1'000'000'000, .refill_per_day = 0};
    config.ceiling_floor = std::uint64_t{1} << 50;
    if (!folder.save_config(std::move(config))) {
      throw std::runtime_error("the config cannot be written");
    }
    return folder;
  }

  test_support::TemporaryFolder place_;
  test_support::TestCertificate certificate_{"IP:127.0.0.1"};
  service::OperatorFolder folder_;
  ChildProcess serve_;
  service::http::Endpoint endpoint_;
};

}  // namespace blindbook::bench
