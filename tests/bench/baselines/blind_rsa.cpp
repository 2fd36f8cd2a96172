#include "tests/bench/baselines/blind_rsa.h"

#include <array>
#include <stdexcept>

#include "tests/bench/baselines/arithmetic.h"
#include "tests/bench/baselines/boost_arithmetic.h"
#include "tests/bench/baselines/elements.h"
#include "tests/bench/baselines/hash_to_integer.h"
#include "tests/bench/baselines/openssl_arithmetic.h"
#include "tests/bench/baselines/rsa_key.h"
#include "tests/bench/baselines/tag_set.h"

namespace blindbook::bench {
namespace {

constexpr std::array<std::uint8_t, 3> kExponentBytes{kRsaExponent >> 16, (kRsaExponent >> 8) & 0xFF,
                                                     kRsaExponent & 0xFF};

template <class Modulus>
auto hash_of(const Modulus& modulus, const std::string& identifier) {
  return hash_to_integer(modulus, bytes_of(identifier), bytes_of("blindbook-bench blind-rsa"));
}

template <Arithmetic A>
class RsaService final : public Service {
 public:
  RsaService(unsigned bits, std::span<const std::string> subscribers)
      : RsaService(generate_rsa_key(bits), subscribers) {}

  [[nodiscard]] ByteView published() const override { return published_; }

  void answer(Channel& client) override {
    if (!client.receive().empty()) {
      throw std::runtime_error("a run begins with an empty message");
    }
    client.send(key_.modulus);
    const Bytes request = client.receive();
    Bytes answer(request.size());
    std::size_t at = 0;
    for (const ByteView blinded : elements_of(request, modulus_.bytes())) {
      modulus_.write(private_key_.sign(modulus_.reduce(blinded)),
                     MutableBytes(answer).subspan(at, blinded.size()));
      at += blinded.size();
    }
    client.send(answer);
  }

 private:
  RsaService(RsaKey key, std::span<const std::string> subscribers)
      : key_(std::move(key)), modulus_(key_.modulus), private_key_(key_) {
    std::vector<std::uint64_t> tags;
    tags.reserve(subscribers.size());
    Bytes signature(modulus_.bytes());
    for (const std::string& subscriber : subscribers) {
      modulus_.write(private_key_.sign(hash_of(modulus_, subscriber)), signature);
      tags.push_back(tag_of(signature));
    }
    published_ = encode_tags(std::move(tags));
  }

  RsaKey key_;
  typename A::Modulus modulus_;
  typename A::PrivateKey private_key_;
  Bytes published_;
};

/// Replaces every number by its inverse: one inversion, and three multiplications a number (Montgomery 1987).
template <Arithmetic A>
void invert_all(const typename A::Modulus& modulus, std::vector<typename A::Number>& numbers) {
  if (numbers.empty()) {
    return;
  }
  std::vector<typename A::Number> products;  // products[i] = numbers[0] .. numbers[i + 1]
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    products.push_back(modulus.multiply(i == 1 ? numbers[0] : products.back(), numbers[i]));
  }
  typename A::Number inverse = modulus.inverse(products.empty() ? numbers[0] : products.back());
  for (std::size_t i = numbers.size() - 1; i > 0; --i) {
    typename A::Number rest = modulus.multiply(inverse, numbers[i]);
    numbers[i] = modulus.multiply(inverse, i == 1 ? numbers[0] : products[i - 2]);
    inverse = std::move(rest);
  }
  numbers[0] = std::move(inverse);
}

template <Arithmetic A>
class RsaClient final : public Client {
 public:
  RsaClient(unsigned bits, std::span<const std::string> contacts, RandomSource& random)
      : bytes_(bits / 8), contacts_(contacts), random_(random) {}

  void ask(Channel& service) override {
    service.send({});
    const Bytes key = service.receive();
    if (key.size() != bytes_ || (key.back() & 1) == 0) {
      throw std::runtime_error("no RSA modulus of the length agreed on");
    }
    const typename A::Modulus modulus(key);
    const typename A::Number exponent = A::number(kExponentBytes);

    std::vector<typename A::Number> masks;
    std::vector<typename A::Number> hashes;
    Bytes request(contacts_.size() * bytes_);
    for (std::size_t i = 0; i < contacts_.size(); ++i) {
      masks.push_back(random_integer(modulus, random_));
      hashes.push_back(hash_of(modulus, contacts_[i]));
      modulus.write(modulus.multiply(hashes[i], modulus.power(masks[i], exponent)), element(request, i));
    }
    service.send(request);
    invert_all<A>(modulus, masks);

    const Bytes answer = service.receive();
    const std::vector<ByteView> signed_blindly = elements_of(answer, bytes_, contacts_.size());
    Bytes signature(bytes_);
    Bytes opened(bytes_);
    Bytes hashed(bytes_);
    for (std::size_t i = 0; i < contacts_.size(); ++i) {
      const typename A::Number unblinded = modulus.multiply(modulus.reduce(signed_blindly[i]), masks[i]);
      modulus.write(modulus.power(unblinded, exponent), opened);
      modulus.write(hashes[i], hashed);
      if (opened != hashed) {
        throw std::runtime_error("an answer that is no signature");
      }
      modulus.write(unblinded, signature);
      tags_.push_back(tag_of(signature));
    }
  }

  [[nodiscard]] std::vector<std::size_t> match(ByteView published) override {
    return positions_in(published, tags_);
  }

 private:
  [[nodiscard]] MutableBytes element(Bytes& message, std::size_t i) const {
    return MutableBytes(message).subspan(i * bytes_, bytes_);
  }

  std::size_t bytes_;
  std::span<const std::string> contacts_;
  RandomSource& random_;
  std::vector<std::uint64_t> tags_;
};

template <Arithmetic A, unsigned kBits>
Protocol blind_rsa(std::string_view name, std::string_view title, std::optional<Cap> cap) {
  return {
      .name = name,
      .title = title,
      .source =
          "De Cristofaro, Tsudik: Practical Private Set Intersection Protocols with Linear Complexity, "
          "Financial "
          "Cryptography 2010; published set as in Kiss et al., PoPETs 2017",
      .hides_contacts = true,
      .hides_subscribers = true,
      .service_learns = "how many contacts there are",
      .client_learns = "which contacts subscribe, and how many subscribers there are",
      .note =
          "perfectly blinded under a modulus that the service has made honestly, which nothing proves; the "
          "private "
          "operation by the Chinese remainder theorem; masks are inverted together; signatures are checked; "
          "no padding",
      .cap = cap,
      .service_memory = [](std::size_t subscribers, std::size_t contacts) -> std::uint64_t {
        return (std::uint64_t{2} << 20) + 24 * std::uint64_t{subscribers} +
               4 * kBits / 8 * std::uint64_t{contacts};
      },
      .client_memory = [](std::size_t /*subscribers*/, std::size_t contacts) -> std::uint64_t {
        return (std::uint64_t{2} << 20) + (12 * kBits / 8 + 256) * std::uint64_t{contacts};
      },
      .make_service = [](std::span<const std::string> subscribers, RandomSource& /*random*/)
          -> std::unique_ptr<Service> { return std::make_unique<RsaService<A>>(kBits, subscribers); },
      .make_client = [](std::span<const std::string> contacts, RandomSource& random)
          -> std::unique_ptr<Client> { return std::make_unique<RsaClient<A>>(kBits, contacts, random); },
  };
}

}  // namespace

std::vector<Protocol> blind_rsa_protocols() {
  constexpr std::size_t kContacts = 4096;
  constexpr std::size_t kLarge = std::size_t{1} << 17;
  const Cap half_an_hour{
      .subscribers = kLarge,
      .contacts = kContacts,
      .why =
          "to sign 2^20 subscribers takes half an hour of a core; what follows the setup costs the same "
          "at any number of subscribers, but for the look-up"};
  const Cap an_hour{
      .subscribers = kLarge,
      .contacts = kContacts,
      .why =
          "to sign 2^20 subscribers takes an hour of a core; what follows the setup costs the same at any "
          "number of subscribers, but for the look-up"};
  const Cap hours{
      .subscribers = std::size_t{1} << 14,
      .contacts = kContacts,
      .why =
          "to sign 2^20 subscribers takes three hours of a core; what follows the setup costs the same at "
          "any number of subscribers, but for the look-up"};
  return {blind_rsa<BoostArithmetic, 2048>("rsa-2048-boost", "Blind-RSA PSI, 2048 bits, Boost.Multiprecision",
                                           an_hour),
          blind_rsa<BoostArithmetic, 3072>("rsa-3072-boost", "Blind-RSA PSI, 3072 bits, Boost.Multiprecision",
                                           hours),
          blind_rsa<OpensslArithmetic, 2048>("rsa-2048-openssl", "Blind-RSA PSI, 2048 bits, OpenSSL",
                                             std::nullopt),
          blind_rsa<OpensslArithmetic, 3072>("rsa-3072-openssl", "Blind-RSA PSI, 3072 bits, OpenSSL",
                                             half_an_hour)};
}

}  // namespace blindbook::bench
