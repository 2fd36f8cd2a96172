#pragma once

#include <string>
#include <string_view>

namespace blindbook::service {

/// One name for the account of an issuer: no two pairs share it.
[[nodiscard]] inline std::string account_name(std::string_view issuer, std::string_view account) {
  return std::to_string(issuer.size()).append(":").append(issuer).append(account);
}

}  // namespace blindbook::service
