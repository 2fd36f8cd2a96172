#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/base/types.h"
#include "blindbook/protocol/allowance.h"
#include "blindbook/protocol/ed25519.h"
#include "blindbook/protocol/params.h"
#include "blindbook/protocol/sealed_file.h"
#include "blindbook/protocol/token.h"
#include "blindbook/service/ceiling.h"

namespace blindbook::service {

/// The layout of config.json that this program reads and writes.
inline constexpr std::uint64_t kConfigVersion = 1;
inline constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;

/// What an operator has settled: config.json (docs/spec/state.md). Holds no secret.
struct Config {
  std::string operator_name;
  SuiteId suite = SuiteId::kRistretto255Sha512;  ///< of epochs that are created from now on
  protocol::Ed25519PublicKey root;
  Bytes certificate;  ///< of the announcement key, signed by the root: protocol/certificate.h
  protocol::KeyProtection key_protection = protocol::KeyProtection::kPassphrase;
  std::filesystem::path slot_folder;      ///< relative ones start at the operator's folder
  std::optional<std::string> public_url;  ///< where clients reach the service
  std::optional<std::string> ledger;  ///< of PostgreSQL: ledger_open.h; none is the folder's own, in SQLite
  protocol::AllowancePolicy allowance;
  std::uint64_t ceiling_floor = kDefaultCeilingFloor;   ///< evaluations a day: ceiling.h
  std::uint64_t publication_interval = protocol::kDay;  ///< seconds
  std::vector<protocol::Issuer> issuers;                ///< whose tokens are accepted
  std::vector<std::string> trusted_proxies;             ///< addresses and networks: http/trusted_proxies.h
  friend bool operator==(const Config&, const Config&) = default;
};

/// Reads config.json. BadInput "config.syntax" when it is not strict JSON, "config.version" when a newer
/// program wrote it, "config.member" naming a member that is unknown, missing or out of its range.
[[nodiscard]] Result<Config> parse_config(std::string_view text);

/// The text that parse_config() reads back, for a person to edit: two spaces of indentation, one line end at
/// its end.
[[nodiscard]] std::string write_config(const Config& config);

}  // namespace blindbook::service
