#include "blindbook/service/config.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include <nlohmann/json.hpp>

#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/certificate.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/protocol/strict_json.h"
#include "blindbook/service/http/ip_address.h"
#include "blindbook/service/ledger_open.h"

namespace blindbook::service {
namespace {

using nlohmann::json;

constexpr std::uint64_t kShortestInterval = 60;
constexpr std::uint64_t kLongestInterval = protocol::kAnnouncementLife;

/// Reads one JSON object whose members are all known; the first fault is kept, by the name of its member.
class Members {
 public:
  Members(const json& object, std::string path, std::initializer_list<std::string_view> known)
      : object_(object), path_(std::move(path)) {
    if (!object.is_object()) {
      fault_ = path_;
      return;
    }
    for (const auto& [name, value] : object.items()) {
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        refuse(name);
      }
    }
  }

  [[nodiscard]] bool has(const char* name) const { return object_.is_object() && object_.contains(name); }

  [[nodiscard]] std::string text(const char* name, std::size_t max_bytes) {
    const json* value = find(name);
    if (value == nullptr || !value->is_string() || value->get_ref<const std::string&>().empty() ||
        value->get_ref<const std::string&>().size() > max_bytes) {
      refuse(name);
      return {};
    }
    return value->get<std::string>();
  }

  template <class Unsigned>
  [[nodiscard]] Unsigned number(const char* name, std::uint64_t from, std::uint64_t to) {
    const json* value = find(name);
    if (value == nullptr || !value->is_number_unsigned() || value->get<std::uint64_t>() < from ||
        value->get<std::uint64_t>() > to) {
      refuse(name);
      return {};
    }
    return value->get<Unsigned>();
  }

  template <class Key>
  [[nodiscard]] Key public_key(const char* name) {
    const std::optional<Bytes> bytes = from_hex(text(name, 2 * Key::kSize));
    if (!bytes || bytes->size() != Key::kSize) {
      refuse(name);
      return {};
    }
    return Key(ByteView(*bytes).first<Key::kSize>());
  }

  [[nodiscard]] const json& child(const char* name) {
    static const json kNull;
    const json* value = find(name);
    return value == nullptr ? kNull : *value;
  }

  void refuse(std::string_view name) {
    if (fault_.empty()) {
      fault_ = std::string(path_).append(path_.empty() ? "" : ".").append(name);
    }
  }
  void refuse_as(const Members& child) {
    if (fault_.empty()) {
      fault_ = child.fault_;
    }
  }
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

 private:
  [[nodiscard]] const json* find(const char* name) const {
    if (!has(name)) {
      return nullptr;
    }
    return &object_.at(name);
  }

  const json& object_;
  std::string path_;
  std::string fault_;
};

protocol::AllowancePolicy read_allowance(Members& config) {
  Members allowance(config.child("allowance"), "allowance", {"initial", "capacity", "refill_per_day"});
  // Levels are counted in 1/86400, so that these bounds keep every sum far below 2^63.
  constexpr std::uint64_t kMost = 1'000'000'000;
  protocol::AllowancePolicy policy;
  policy.initial = allowance.number<std::uint32_t>("initial", 0, kMost);
  policy.capacity = allowance.number<std::uint32_t>("capacity", 1, kMost);
  policy.refill_per_day = allowance.number<std::uint32_t>("refill_per_day", 0, kMost);
  config.refuse_as(allowance);
  return policy;
}

protocol::IssuerKey read_issuer_key(Members& issuer) {
  const std::string algorithm = issuer.text("alg", 16);
  if (algorithm == protocol::algorithm_of(protocol::Es256PublicKey())) {
    const auto key = issuer.public_key<protocol::Es256PublicKey>("public_key");
    if (!protocol::is_on_curve(key)) {
      issuer.refuse("public_key");
    }
    return key;
  }
  if (algorithm != protocol::algorithm_of(protocol::Ed25519PublicKey())) {
    issuer.refuse("alg");
  }
  return issuer.public_key<protocol::Ed25519PublicKey>("public_key");
}

std::string hex_of(const protocol::IssuerKey& key) {
  return std::visit([](const auto& one) { return one.hex(); }, key);
}

std::vector<protocol::Issuer> read_issuers(Members& config) {
  std::vector<protocol::Issuer> issuers;
  const json& list = config.child("issuers");
  if (!list.is_array()) {
    config.refuse("issuers");
    return issuers;
  }
  for (const json& entry : list) {
    Members issuer(entry, "issuers[" + std::to_string(issuers.size()) + "]",
                   {"name", "kid", "alg", "public_key"});
    protocol::Issuer one{
        .name = issuer.text("name", 255), .kid = issuer.text("kid", 255), .key = read_issuer_key(issuer)};
    if (std::any_of(issuers.begin(), issuers.end(),
                    [&](const protocol::Issuer& other) { return other.kid == one.kid; })) {
      issuer.refuse("kid");
    }
    config.refuse_as(issuer);
    issuers.push_back(std::move(one));
  }
  return issuers;
}

/// Nobody is trusted where the member is left out.
std::vector<std::string> read_trusted_proxies(Members& config) {
  std::vector<std::string> out;
  if (!config.has("trusted_proxies")) {
    return out;
  }
  const json& list = config.child("trusted_proxies");
  if (!list.is_array()) {
    config.refuse("trusted_proxies");
    return out;
  }
  for (const json& entry : list) {
    if (!entry.is_string() || !http::IpNetwork::parse(entry.get_ref<const std::string&>())) {
      config.refuse("trusted_proxies[" + std::to_string(out.size()) + "]");
      return out;
    }
    out.push_back(entry.get<std::string>());
  }
  return out;
}

std::string_view name_of(protocol::KeyProtection protection) {
  return protection == protocol::KeyProtection::kNone ? "none" : "passphrase";
}

}  // namespace

Result<Config> parse_config(std::string_view text) {
  const Result<json> parsed = protocol::parse_strict_json(text, kMaxConfigBytes);
  if (!parsed) {
    return bad_input("config.syntax", "config.json is " + parsed.error().message);
  }
  Members members(*parsed, "",
                  {"version", "operator", "suite", "root_public_key", "certificate", "key_protection",
                   "slot_dir", "public_url", "ledger", "allowance", "ceiling_floor", "publication_interval",
                   "issuers", "trusted_proxies"});
  // First, because a newer version may well have other members.
  if (members.has("version") && parsed->at("version").is_number_unsigned() &&
      parsed->at("version").get<std::uint64_t>() > kConfigVersion) {
    return bad_input("config.version", "config.json was written by a newer program",
                     "install the blindbook that wrote it, or a newer one");
  }
  static_cast<void>(members.number<std::uint64_t>("version", kConfigVersion, kConfigVersion));

  Config config;
  config.operator_name = members.text("operator", protocol::kMaxOperatorNameBytes);
  if (!protocol::check_operator_name(config.operator_name)) {
    members.refuse("operator");
  }
  const oprf::Suite* suite = oprf::find_suite_by_cli_name(members.text("suite", 64));
  if (suite == nullptr) {
    members.refuse("suite");
  } else {
    config.suite = suite->id();
  }
  config.root = members.public_key<protocol::Ed25519PublicKey>("root_public_key");
  if (std::optional<Bytes> certificate = from_base64url(members.text("certificate", 4'096))) {
    config.certificate = std::move(*certificate);
  }
  if (!protocol::open_certificate(config.certificate, config.root)) {
    members.refuse("certificate");
  }
  const std::string protection = members.text("key_protection", 16);
  if (protection != name_of(protocol::KeyProtection::kNone) &&
      protection != name_of(protocol::KeyProtection::kPassphrase)) {
    members.refuse("key_protection");
  }
  config.key_protection = protection == name_of(protocol::KeyProtection::kNone)
                              ? protocol::KeyProtection::kNone
                              : protocol::KeyProtection::kPassphrase;
  config.slot_folder = members.text("slot_dir", 4'096);
  if (members.has("public_url")) {
    config.public_url = members.text("public_url", 2'048);
  }
  if (members.has("ledger")) {
    config.ledger = members.text("ledger", 2'048);
    if (const Result<bool> named = is_postgres_ledger(*config.ledger); !named || !*named) {
      members.refuse("ledger");
    }
  }
  config.allowance = read_allowance(members);
  config.ceiling_floor = members.number<std::uint64_t>("ceiling_floor", 0, std::uint64_t{1} << 53);
  config.publication_interval =
      members.number<std::uint64_t>("publication_interval", kShortestInterval, kLongestInterval);
  config.issuers = read_issuers(members);
  config.trusted_proxies = read_trusted_proxies(members);
  if (!members.fault().empty()) {
    return bad_input("config.member",
                     "config.json has an unknown, missing or unusable member: " + members.fault());
  }
  return config;
}

std::string write_config(const Config& config) {
  nlohmann::ordered_json out;
  out["version"] = kConfigVersion;
  out["operator"] = config.operator_name;
  out["suite"] = oprf::find_suite(config.suite)->cli_name();
  out["root_public_key"] = config.root.hex();
  out["certificate"] = to_base64url(config.certificate);
  out["key_protection"] = name_of(config.key_protection);
  out["slot_dir"] = config.slot_folder.string();
  if (config.public_url) {
    out["public_url"] = *config.public_url;
  }
  if (config.ledger) {
    out["ledger"] = *config.ledger;
  }
  out["allowance"] = {{"initial", config.allowance.initial},
                      {"capacity", config.allowance.capacity},
                      {"refill_per_day", config.allowance.refill_per_day}};
  out["ceiling_floor"] = config.ceiling_floor;
  out["publication_interval"] = config.publication_interval;
  out["issuers"] = nlohmann::ordered_json::array();
  for (const protocol::Issuer& issuer : config.issuers) {
    out["issuers"].push_back({{"name", issuer.name},
                              {"kid", issuer.kid},
                              {"alg", protocol::algorithm_of(issuer.key)},
                              {"public_key", hex_of(issuer.key)}});
  }
  if (!config.trusted_proxies.empty()) {
    out["trusted_proxies"] = config.trusted_proxies;
  }
  return out.dump(2) + "\n";
}

}  // namespace blindbook::service
