#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "blindbook/service/http/ip_address.h"

namespace blindbook::service::http {

/// How much one line (IpAddress::line()) may have at once: connections, or requests that come through a proxy. This machine may
/// have any number: who is behind a proxy that tells nobody's address comes from there. Addresses are forgotten with the
/// last place. Thread-safe.
class AddressPlaces {
 public:
  /// One of them, given back at its end. Lives no longer than what it is of.
  class Place {
   public:
    Place(AddressPlaces& from, const IpAddress& line) : from_(&from), line_(line) {}
    Place(Place&& other) noexcept : from_(std::exchange(other.from_, nullptr)), line_(other.line_) {}
    Place& operator=(Place&& other) noexcept {
      std::swap(from_, other.from_);
      std::swap(line_, other.line_);
      return *this;
    }
    ~Place() {
      if (from_ != nullptr) {
        from_->give_back(line_);
      }
    }

   private:
    AddressPlaces* from_;
    IpAddress line_;
  };

  /// Nothing when the line of `address` has `limit` already.
  [[nodiscard]] std::optional<Place> take(const IpAddress& address, std::size_t limit) {
    const IpAddress line = address.line();
    const std::scoped_lock lock(mutex_);
    std::size_t& taken = taken_[line];
    if (taken >= limit && !address.is_loopback()) {
      return std::nullopt;
    }
    ++taken;
    return std::optional<Place>(std::in_place, *this, line);
  }

  /// Lines that have a place at present.
  [[nodiscard]] std::size_t lines() const {
    const std::scoped_lock lock(mutex_);
    return taken_.size();
  }

 private:
  void give_back(const IpAddress& line) {
    const std::scoped_lock lock(mutex_);
    const auto found = taken_.find(line);
    if (--found->second == 0) {
      taken_.erase(found);
    }
  }

  mutable std::mutex mutex_;
  std::map<IpAddress, std::size_t> taken_;
};

}  // namespace blindbook::service::http
