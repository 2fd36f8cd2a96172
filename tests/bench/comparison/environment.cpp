#include "tests/bench/comparison/environment.h"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include <boost/version.hpp>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "blindbook_commit.h"  // written by commit.cmake at each build
#include "cli/common/text.h"
#include "tests/bench/this_machine.h"

namespace blindbook::bench {
namespace {

std::string system_text() {
  utsname names{};
  return ::uname(&names) == 0 ? std::string(names.sysname) + " " + names.release + " " + names.machine
                              : "unknown";
}

std::uint64_t memory_bytes() {
  struct sysinfo info {};
  return ::sysinfo(&info) == 0 ? static_cast<std::uint64_t>(info.totalram) * info.mem_unit : 0;
}

double load_of_last_minute() {
  double out = 0;
  return ::getloadavg(&out, 1) == 1 ? std::round(100 * out) / 100 : 0;
}

}  // namespace

std::string program_commit() {
  return BLINDBOOK_COMMIT;
}

std::string machine() {
  return cpu_model();
}

std::string time_now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return cli::time_text(
      UnixTime(static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(since).count())));
}

nlohmann::ordered_json environment_at_start() {
  return {{"machine", machine()},
          {"cores", ::sysconf(_SC_NPROCESSORS_ONLN)},
          {"memory_bytes", memory_bytes()},
          {"system", system_text()},
          {"compiler", compiler()},
          {"commit", program_commit()},
          {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
          {"boost", BOOST_LIB_VERSION},
          {"parties", "two processes, each held to one core"},
          {"started", time_now()},
          {"finished", nullptr},
          {"load_before", load_of_last_minute()},
          {"resumed", nlohmann::ordered_json::array()}};
}

nlohmann::ordered_json conditions_now() {
  return {{"at", time_now()}, {"load_before", load_of_last_minute()}};
}

}  // namespace blindbook::bench
