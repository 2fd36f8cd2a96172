#include "tests/bench/baselines/uploads.h"

#include <array>
#include <cstring>
#include <stdexcept>
#include <unordered_set>

#include "blindbook/hash/sha2.h"

// Both alike: the client sends a key for each contact, all in one message; the service looks each up and answers with one
// bit for each, least significant first.
namespace blindbook::bench {
namespace {

/// The key is the number itself.
struct Plain {
  using Key = std::string;
  using Hash = std::hash<std::string>;

  static Key key_of(const std::string& identifier) { return identifier; }
  static void write(ByteWriter& out, const Key& key) { out.framed16(bytes_of(key)); }
  static Key read(ByteReader& in) { return std::string(text_of(in.framed16())); }
};

/// The key is the number's SHA-256.
struct Hashed {
  using Key = hash::Sha256::Digest;
  struct Hash {
    std::size_t operator()(const Key& key) const noexcept {
      std::size_t out = 0;
      std::memcpy(&out, key.data(), sizeof out);
      return out;
    }
  };

  static Key key_of(const std::string& identifier) { return hash::sha256({bytes_of(identifier)}); }
  static void write(ByteWriter& out, const Key& key) { out.raw(key); }
  static Key read(ByteReader& in) { return in.array<hash::Sha256::kDigestBytes>(); }
};

template <class Upload>
class UploadService final : public Service {
 public:
  explicit UploadService(std::span<const std::string> subscribers) {
    keys_.reserve(subscribers.size());
    for (const std::string& subscriber : subscribers) {
      keys_.insert(Upload::key_of(subscriber));
    }
  }

  [[nodiscard]] ByteView published() const override { return {}; }

  void answer(Channel& client) override {
    const Bytes request = client.receive();
    ByteReader reader(request);
    Bytes bits;
    std::size_t count = 0;
    for (; !reader.rest().empty() && !reader.failed(); ++count) {
      if (count % 8 == 0) {
        bits.push_back(0);
      }
      if (keys_.contains(Upload::read(reader))) {
        bits.back() = static_cast<std::uint8_t>(bits.back() | (1U << (count % 8)));
      }
    }
    if (reader.failed()) {
      throw std::runtime_error("the upload is cut short");
    }
    client.send(bits);
  }

 private:
  std::unordered_set<typename Upload::Key, typename Upload::Hash> keys_;
};

template <class Upload>
class UploadClient final : public Client {
 public:
  explicit UploadClient(std::span<const std::string> contacts) : contacts_(contacts) {}

  void ask(Channel& service) override {
    ByteWriter request;
    for (const std::string& contact : contacts_) {
      Upload::write(request, Upload::key_of(contact));
    }
    service.send(request.view());
    bits_ = service.receive();
    if (bits_.size() != (contacts_.size() + 7) / 8) {
      throw std::runtime_error("the answer is not as long as the upload");
    }
  }

  [[nodiscard]] std::vector<std::size_t> match(ByteView /*published*/) override {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < contacts_.size(); ++i) {
      if ((bits_[i / 8] >> (i % 8) & 1U) != 0) {
        out.push_back(i);
      }
    }
    return out;
  }

 private:
  std::span<const std::string> contacts_;
  Bytes bits_;
};

/// A node of the table, its bucket and what the allocator keeps for it; strings of this length stand on their own.
/// @{
constexpr std::uint64_t kBytesOfSubscriber = 160;
constexpr std::uint64_t kBytesOfContact = 96;
/// @}

std::uint64_t service_memory(std::size_t subscribers, std::size_t contacts) {
  return subscribers * kBytesOfSubscriber + contacts * kBytesOfContact;
}
std::uint64_t client_memory(std::size_t /*subscribers*/, std::size_t contacts) {
  return contacts * kBytesOfContact;
}

template <class Upload>
std::unique_ptr<Service> make_service(std::span<const std::string> subscribers, RandomSource& /*random*/) {
  return std::make_unique<UploadService<Upload>>(subscribers);
}
template <class Upload>
std::unique_ptr<Client> make_client(std::span<const std::string> contacts, RandomSource& /*random*/) {
  return std::make_unique<UploadClient<Upload>>(contacts);
}

}  // namespace

std::vector<Protocol> upload_protocols() {
  return {{.name = "naive",
           .title = "Upload of the address book",
           .source = "what messengers without private contact discovery do",
           .hides_contacts = false,
           .hides_subscribers = true,
           .service_learns = "every contact, and which of them subscribe",
           .client_learns = "which contacts subscribe",
           .note = "no privacy: what any other protocol costs on top of this is what its privacy costs",
           .cap = std::nullopt,
           .service_memory = service_memory,
           .client_memory = client_memory,
           .make_service = make_service<Plain>,
           .make_client = make_client<Plain>},
          {.name = "sha256",
           .title = "Upload of SHA-256 hashes",
           .source = "what messengers did that call it hashing; Hagen et al., NDSS 2021, section II",
           .hides_contacts = false,
           .hides_subscribers = true,
           .service_learns = "every contact, after trying the numbers there are, and which of them subscribe",
           .client_learns = "which contacts subscribe",
           .note = "a country's numbers are hashed in minutes, so a hash hides none of them",
           .cap = std::nullopt,
           .service_memory = service_memory,
           .client_memory = client_memory,
           .make_service = make_service<Hashed>,
           .make_client = make_client<Hashed>}};
}

}  // namespace blindbook::bench
