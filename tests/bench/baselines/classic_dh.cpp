#include "tests/bench/baselines/classic_dh.h"

#include <stdexcept>

#include <openssl/bn.h>

#include "tests/bench/baselines/arithmetic.h"
#include "tests/bench/baselines/boost_arithmetic.h"
#include "tests/bench/baselines/elements.h"
#include "tests/bench/baselines/hash_to_integer.h"
#include "tests/bench/baselines/openssl_arithmetic.h"
#include "tests/bench/baselines/tag_set.h"

namespace blindbook::bench {
namespace {

constexpr std::size_t kElementBytes = 2048 / 8;
constexpr std::size_t kExponentBytes = 256 / 8;

/// (p - 1) / 2, the order of the group: p shifted, since p is odd.
Bytes group_order() {
  Bytes out = dh_prime();
  std::uint8_t carry = 0;
  for (std::uint8_t& byte : out) {
    const auto low = static_cast<std::uint8_t>(byte << 7);
    byte = static_cast<std::uint8_t>(byte >> 1 | carry);
    carry = low;
  }
  return out;
}

Bytes random_exponent(RandomSource& random) {
  Bytes out(kExponentBytes);
  random.fill(out);
  out[0] |= 0x80;  // so that it is not zero, and as long as it says
  return out;
}

/// A uniform square of which nobody knows a logarithm.
template <class Modulus>
auto hash_to_squares(const Modulus& modulus, const std::string& identifier) {
  const auto root = hash_to_integer(modulus, bytes_of(identifier), bytes_of("blindbook-bench dh-2048"));
  return modulus.multiply(root, root);
}

template <Arithmetic A>
class DhService final : public Service {
 public:
  DhService(std::span<const std::string> subscribers, RandomSource& random)
      : modulus_(dh_prime()), key_(A::number(random_exponent(random))) {
    std::vector<std::uint64_t> tags;
    tags.reserve(subscribers.size());
    Bytes element(kElementBytes);
    for (const std::string& subscriber : subscribers) {
      modulus_.write(modulus_.power(hash_to_squares(modulus_, subscriber), key_), element);
      tags.push_back(tag_of(element));
    }
    published_ = encode_tags(std::move(tags));
  }

  [[nodiscard]] ByteView published() const override { return published_; }

  void answer(Channel& client) override {
    const Bytes request = client.receive();
    Bytes answer(request.size());
    std::size_t at = 0;
    for (const ByteView blinded : elements_of(request, kElementBytes)) {
      modulus_.write(modulus_.power(modulus_.reduce(blinded), key_),
                     MutableBytes(answer).subspan(at, kElementBytes));
      at += kElementBytes;
    }
    client.send(answer);
  }

 private:
  typename A::Modulus modulus_;
  typename A::Number key_;
  Bytes published_;
};

template <Arithmetic A>
class DhClient final : public Client {
 public:
  DhClient(std::span<const std::string> contacts, RandomSource& random)
      : contacts_(contacts), random_(random) {}

  void ask(Channel& service) override {
    const typename A::Modulus modulus(dh_prime());
    const typename A::Number mask = A::number(random_exponent(random_));
    Bytes request(contacts_.size() * kElementBytes);
    for (std::size_t i = 0; i < contacts_.size(); ++i) {
      modulus.write(modulus.power(hash_to_squares(modulus, contacts_[i]), mask),
                    MutableBytes(request).subspan(i * kElementBytes, kElementBytes));
    }
    service.send(request);
    const typename A::Number unmask = typename A::Modulus(group_order()).inverse(mask);

    const Bytes answer = service.receive();
    Bytes element(kElementBytes);
    for (const ByteView evaluated : elements_of(answer, kElementBytes, contacts_.size())) {
      modulus.write(modulus.power(modulus.reduce(evaluated), unmask), element);
      tags_.push_back(tag_of(element));
    }
  }

  [[nodiscard]] std::vector<std::size_t> match(ByteView published) override {
    return positions_in(published, tags_);
  }

 private:
  std::span<const std::string> contacts_;
  RandomSource& random_;
  std::vector<std::uint64_t> tags_;
};

template <Arithmetic A>
Protocol classic_dh(std::string_view name, std::string_view title, std::optional<Cap> cap) {
  return {
      .name = name,
      .title = title,
      .source =
          "Meadows: A More Efficient Cryptographic Matchmaking Protocol, IEEE S&P 1986; Huberman, Franklin, "
          "Hogg: "
          "Enhancing Privacy and Trust in Electronic Communities, ACM EC 1999; group 14 of RFC 3526",
      .hides_contacts = true,
      .hides_subscribers = true,
      .service_learns = "how many contacts there are",
      .client_learns = "which contacts subscribe, and how many subscribers there are",
      .note =
          "contacts are hidden as long as the Diffie-Hellman problem with exponents of 256 bits is hard, not "
          "perfectly; nothing proves that the service used one key; no padding",
      .cap = cap,
      .service_memory = [](std::size_t subscribers, std::size_t contacts) -> std::uint64_t {
        return (std::uint64_t{2} << 20) + 24 * std::uint64_t{subscribers} +
               4 * kElementBytes * std::uint64_t{contacts};
      },
      .client_memory = [](std::size_t /*subscribers*/, std::size_t contacts) -> std::uint64_t {
        return (std::uint64_t{2} << 20) + (4 * kElementBytes + 256) * std::uint64_t{contacts};
      },
      .make_service = [](std::span<const std::string> subscribers, RandomSource& random)
          -> std::unique_ptr<Service> { return std::make_unique<DhService<A>>(subscribers, random); },
      .make_client = [](std::span<const std::string> contacts, RandomSource& random)
          -> std::unique_ptr<Client> { return std::make_unique<DhClient<A>>(contacts, random); },
  };
}

}  // namespace

Bytes dh_prime() {
  const OpensslArithmetic::Number prime(BN_get_rfc3526_prime_2048(nullptr));
  if (!prime) {
    throw std::runtime_error("OpenSSL has no group 14");
  }
  Bytes out(kElementBytes);
  BN_bn2bin(prime.get(), out.data());
  return out;
}

std::vector<Protocol> classic_dh_protocols() {
  const Cap slow{
      .subscribers = std::size_t{1} << 17,
      .contacts = 4096,
      .why =
          "to raise 2^20 subscribers takes half an hour of a core; what follows the setup costs the same at "
          "any number of subscribers, but for the look-up"};
  return {classic_dh<BoostArithmetic>("dh-2048-boost", "Diffie-Hellman PSI, 2048 bits, Boost.Multiprecision",
                                      slow),
          classic_dh<OpensslArithmetic>("dh-2048-openssl", "Diffie-Hellman PSI, 2048 bits, OpenSSL",
                                        std::nullopt)};
}

}  // namespace blindbook::bench
