#include "tests/bench/comparison/interrupts.h"

#include <cerrno>
#include <csignal>
#include <system_error>

#include <poll.h>
#include <sys/signalfd.h>

namespace blindbook::bench {

Interrupts::Interrupts() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    ::sigaddset(&signals, signal);
  }
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  descriptor_ = service::Descriptor(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!descriptor_.valid()) {
    throw std::system_error(errno, std::generic_category(), "signals cannot be waited for");
  }
}

bool Interrupts::have_come() const {
  pollfd asked{.fd = descriptor_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&asked, 1, 0) > 0;
}

}  // namespace blindbook::bench
