#include "blindbook/base/error.h"

namespace blindbook {
namespace {

tl::unexpected<Error> make(Fault fault, std::string_view rule, std::string&& message, std::string&& hint) {
  return tl::unexpected<Error>(Error{fault, rule, std::move(message), std::move(hint)});
}

}  // namespace

std::string_view name(Fault fault) noexcept {
  switch (fault) {
    case Fault::kPeerMisbehaved:
      return "peer-misbehaved";
    case Fault::kBadInput:
      return "bad-input";
    case Fault::kApiMisuse:
      return "api-misuse";
    case Fault::kUnavailable:
      return "unavailable";
    case Fault::kSpent:
      return "spent";
  }
  return "unknown";
}

tl::unexpected<Error> peer_misbehaved(std::string_view rule, std::string message, std::string hint) {
  return make(Fault::kPeerMisbehaved, rule, std::move(message), std::move(hint));
}
tl::unexpected<Error> bad_input(std::string_view rule, std::string message, std::string hint) {
  return make(Fault::kBadInput, rule, std::move(message), std::move(hint));
}
tl::unexpected<Error> api_misuse(std::string_view rule, std::string message, std::string hint) {
  return make(Fault::kApiMisuse, rule, std::move(message), std::move(hint));
}
tl::unexpected<Error> unavailable(std::string_view rule, std::string message, std::string hint) {
  return make(Fault::kUnavailable, rule, std::move(message), std::move(hint));
}
tl::unexpected<Error> spent(std::string_view rule, std::string message, std::string hint) {
  return make(Fault::kSpent, rule, std::move(message), std::move(hint));
}

}  // namespace blindbook
