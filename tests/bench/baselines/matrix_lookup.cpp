#include "tests/bench/baselines/matrix_lookup.h"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "blindbook/hash/sha2.h"

namespace blindbook::bench {
namespace {

using nlohmann::json;

constexpr std::string_view kDetailsRequest = "hash_details";
constexpr std::string_view kMedium = "msisdn";

json parsed(const Bytes& message) {
  json out = json::parse(message, nullptr, false);
  if (!out.is_object()) {
    throw std::runtime_error("a message that is no JSON object");
  }
  return out;
}

void send_json(Channel& channel, const json& object) {
  const std::string text = object.dump();
  channel.send(bytes_of(text));
}

hash::Sha256::Digest digest_of(std::string_view address, std::string_view medium, std::string_view pepper) {
  const ByteView space = bytes_of(" ");
  return hash::sha256({bytes_of(address), space, bytes_of(medium), space, bytes_of(pepper)});
}

class IdentityServer final : public Service {
 public:
  IdentityServer(std::span<const std::string> subscribers, RandomSource& random) {
    Bytes pepper(16);
    random.fill(pepper);
    pepper_ = to_hex(pepper);
    bindings_.reserve(subscribers.size());
    for (const std::string& subscriber : subscribers) {
      bindings_.push_back(digest_of(msisdn_of(subscriber), kMedium, pepper_));
    }
    std::sort(bindings_.begin(), bindings_.end());
  }

  [[nodiscard]] ByteView published() const override { return {}; }

  void answer(Channel& client) override {
    if (text_of(client.receive()) != kDetailsRequest) {
      throw std::runtime_error("another request than for the hash details");
    }
    send_json(client, {{"lookup_pepper", pepper_}, {"algorithms", {"sha256"}}});
    const json lookup = parsed(client.receive());
    if (lookup.at("algorithm") != "sha256" || lookup.at("pepper") != pepper_) {
      throw std::runtime_error("M_INVALID_PEPPER");
    }
    json mappings = json::object();
    for (const json& address : lookup.at("addresses")) {
      const std::string& hash = address.get_ref<const std::string&>();
      const std::optional<Bytes> digest = from_base64url(hash);
      if (digest && is_bound(*digest)) {
        mappings[hash] = "";
      }
    }
    send_json(client, {{"mappings", std::move(mappings)}});
  }

 private:
  [[nodiscard]] bool is_bound(const Bytes& digest) const {
    hash::Sha256::Digest wanted{};
    if (digest.size() != wanted.size()) {
      return false;
    }
    std::copy(digest.begin(), digest.end(), wanted.begin());
    return std::binary_search(bindings_.begin(), bindings_.end(), wanted);
  }

  std::string pepper_;
  std::vector<hash::Sha256::Digest> bindings_;  // sorted
};

class MatrixClient final : public Client {
 public:
  explicit MatrixClient(std::span<const std::string> contacts) : contacts_(contacts) {}

  void ask(Channel& service) override {
    service.send(bytes_of(kDetailsRequest));
    const std::string pepper = parsed(service.receive()).at("lookup_pepper").get<std::string>();
    json addresses = json::array();
    for (std::size_t i = 0; i < contacts_.size(); ++i) {
      std::string hash = lookup_hash(msisdn_of(contacts_[i]), kMedium, pepper);
      positions_.emplace(hash, i);
      addresses.push_back(std::move(hash));
    }
    send_json(service, {{"addresses", std::move(addresses)}, {"algorithm", "sha256"}, {"pepper", pepper}});
    const json answer = parsed(service.receive());
    for (const auto& mapping : answer.at("mappings").items()) {
      found_.push_back(positions_.at(mapping.key()));
    }
  }

  [[nodiscard]] std::vector<std::size_t> match(ByteView /*published*/) override {
    std::sort(found_.begin(), found_.end());
    return found_;
  }

 private:
  std::span<const std::string> contacts_;
  std::unordered_map<std::string, std::size_t> positions_;
  std::vector<std::size_t> found_;
};

}  // namespace

std::string lookup_hash(std::string_view address, std::string_view medium, std::string_view pepper) {
  return to_base64url(digest_of(address, medium, pepper));
}

std::string_view msisdn_of(std::string_view identifier) {
  constexpr std::string_view kScheme = "tel:+";
  if (!identifier.starts_with(kScheme)) {
    throw std::invalid_argument("an identifier that is no phone number");
  }
  return identifier.substr(kScheme.size());
}

std::vector<Protocol> matrix_protocols() {
  return {{
      .name = "sha256-peppered",
      .title = "SHA-256 with a pepper (Matrix)",
      .source = "MSC2134, Identity Hash Lookups; Matrix Identity Service API, /_matrix/identity/v2/lookup",
      .hides_contacts = false,
      .hides_subscribers = true,
      .service_learns = "every contact: the pepper is the service's own, and phone numbers can all be tried",
      .client_learns = "which contacts subscribe",
      .note = "JSON as in Matrix, HTTP heads not counted; the Matrix IDs of matches are left out, as labels "
              "are everywhere "
              "in this comparison",
      .service_memory = [](std::size_t subscribers, std::size_t contacts) -> std::uint64_t {
        return (std::uint64_t{1} << 20) + 33 * std::uint64_t{subscribers} + 1024 * std::uint64_t{contacts};
      },
      .client_memory = [](std::size_t /*subscribers*/, std::size_t contacts) -> std::uint64_t {
        return (std::uint64_t{1} << 20) + 2048 * std::uint64_t{contacts};
      },
      .make_service = [](std::span<const std::string> subscribers, RandomSource& random)
          -> std::unique_ptr<Service> { return std::make_unique<IdentityServer>(subscribers, random); },
      .make_client = [](std::span<const std::string> contacts, RandomSource& /*random*/)
          -> std::unique_ptr<Client> { return std::make_unique<MatrixClient>(contacts); },
  }};
}

}  // namespace blindbook::bench
