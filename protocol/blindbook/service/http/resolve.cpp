#include "blindbook/service/http/resolve.h"

#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <netdb.h>

namespace blindbook::service::http {
namespace {

using Addresses = Result<std::vector<SocketAddress>>;

Addresses look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0) {
    return unavailable("http.resolve", "the name " + host + " cannot be resolved: " + gai_strerror(code),
                       "check the name and the network");
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  std::vector<SocketAddress> out;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    SocketAddress address{};
    std::memcpy(&address.storage, one->ai_addr, one->ai_addrlen);
    address.size = one->ai_addrlen;
    out.push_back(address);
  }
  return out;
}

struct LookUp {
  std::mutex mutex;
  std::condition_variable done;
  std::optional<Addresses> addresses;
};

}  // namespace

Addresses resolve(const std::string& host, std::uint16_t port, std::chrono::milliseconds timeout) {
  if (Addresses numeric = look_up(host, port, AI_NUMERICHOST | AI_NUMERICSERV)) {
    return numeric;
  }
  // Detached, with everything it touches shared: getaddrinfo can block for half a minute and cannot be
  // interrupted.
  const auto pending = std::make_shared<LookUp>();
  std::thread([pending, host, port] {
    Addresses addresses = look_up(host, port, AI_ADDRCONFIG | AI_NUMERICSERV);
    const std::scoped_lock lock(pending->mutex);
    pending->addresses.emplace(std::move(addresses));
    pending->done.notify_one();
  }).detach();
  std::unique_lock lock(pending->mutex);
  if (!pending->done.wait_for(lock, timeout, [&] { return pending->addresses.has_value(); })) {
    return unavailable("http.timeout", "the name " + host + " was not resolved in time", "check the network");
  }
  return std::move(*pending->addresses);
}

}  // namespace blindbook::service::http
