// The key files of an operator, opened by a program that knows nothing but blindbook.h.
#include <array>
#include <string>

#include <blindbook.h>
#include <catch2/catch.hpp>

#include "blindbook/protocol/epoch.h"
#include "blindbook/protocol/operator_identity.h"
#include "blindbook/protocol/sealed_file.h"

#include "tests/capi/buffers.h"
#include "tests/protocol/in_memory_operator.h"

namespace blindbook {
namespace {

using protocol::KeyKind;
using test_support::bytes_from;
using test_support::InMemoryOperator;

constexpr std::string_view kPassphrase = "correct horse battery staple";
const std::string kName = "3b58414fcb3726585c865e6565064d94";

/// A file as init seals it, at a cost that tests can pay.
Bytes sealed(KeyKind kind, ByteView secret, const protocol::Slot& slot) {
  test_support::DeterministicRandom random(1);
  const protocol::ScryptCost cost{.log2_n = 4, .r = 1, .p = 1};
  const protocol::ScryptSalt salt;
  const auto stretched = protocol::stretch(bytes_of(kPassphrase), salt, cost);
  return protocol::seal_key_file(kind, kName, secret, cost, salt, stretched.value(), slot, random);
}

SecretBytes secret_of_epoch(const InMemoryOperator& city) {
  return protocol::encode_epoch_secret(city.keys().secret, city.not_before(), city.not_after());
}

bb_status open(ByteView file, const char* passphrase, const std::uint8_t* slot, bb_error* error) {
  std::uint8_t out[128];
  std::size_t size = sizeof out;
  return bb_key_file_open(file.data(), file.size(), kName.c_str(), passphrase, slot, out, &size, error);
}

}  // namespace

TEST_CASE("what the key file of an epoch holds is what a server takes") {
  InMemoryOperator city;
  city.publish({});
  const Bytes announcement = city.announce();
  const protocol::Slot slot;
  const SecretBytes unsealed = protocol::unsealed_key_file(KeyKind::kEpoch, secret_of_epoch(city).expose());
  for (const Bytes& file : {Bytes(unsealed.expose().begin(), unsealed.expose().end()),
                            sealed(KeyKind::kEpoch, secret_of_epoch(city).expose(), slot)}) {
    const Bytes secret = bytes_from([&](std::uint8_t* out, std::size_t* size) {
      return bb_key_file_open(file.data(), file.size(), kName.c_str(), kPassphrase.data(),
                              slot.expose().data(), out, size, nullptr);
    });
    bb_server* server = nullptr;
    REQUIRE(bb_server_new(&server, nullptr) == BB_OK);
    std::uint8_t epoch[16] = {};
    CHECK(bb_server_add_epoch(server, protocol::encode_operator_file(city.root_key()).c_str(),
                              announcement.data(), announcement.size(), secret.data(), secret.size(), epoch,
                              nullptr) == BB_OK);
    CHECK(EpochId(epoch) == city.epoch().id);
    bb_server_free(server);
  }
}

TEST_CASE("the file of a signing key opens to its seed") {
  const Bytes seed(BB_KEY_BYTES, 9);
  const SecretBytes file = protocol::unsealed_key_file(KeyKind::kToken, seed);
  const Bytes opened = bytes_from([&](std::uint8_t* out, std::size_t* size) {
    return bb_key_file_open(file.expose().data(), file.size(), "token", nullptr, nullptr, out, size, nullptr);
  });
  CHECK(opened == seed);
}

TEST_CASE("a key file that does not open says why") {
  const protocol::Slot slot;
  const protocol::Slot other(std::array<std::uint8_t, 32>{1});
  const Bytes file = sealed(KeyKind::kToken, Bytes(BB_KEY_BYTES, 9), slot);
  bb_error error{};
  const auto refused = [&](ByteView bytes, const char* passphrase, const std::uint8_t* its_slot,
                           const std::string& rule) {
    return open(bytes, passphrase, its_slot, &error) == BB_BAD_INPUT && std::string(error.rule) == rule;
  };
  REQUIRE(open(file, kPassphrase.data(), slot.expose().data(), &error) == BB_OK);
  CHECK(refused(file, nullptr, slot.expose().data(), "key.sealed"));
  CHECK(refused(file, kPassphrase.data(), nullptr, "key.sealed"));
  CHECK(refused(file, "wrong", slot.expose().data(), "key.passphrase"));
  CHECK(refused(file, kPassphrase.data(), other.expose().data(), "key.passphrase"));
  CHECK(refused(bytes_of("no key file"), kPassphrase.data(), slot.expose().data(), "key.format"));
  // 17 bytes of suite and life stand before an epoch's key.
  const SecretBytes cut = protocol::unsealed_key_file(KeyKind::kEpoch, Bytes(16, 1));
  CHECK(refused(cut.expose(), nullptr, nullptr, "key.format"));
}

TEST_CASE("a key file cannot be null") {
  bb_error error{};
  std::size_t size = 0;
  const std::uint8_t byte = 0;
  CHECK(bb_key_file_open(nullptr, 1, "token", nullptr, nullptr, nullptr, &size, &error) == BB_API_MISUSE);
  CHECK(std::string(error.rule) == "capi.null");
  CHECK(bb_key_file_open(&byte, 1, nullptr, nullptr, nullptr, nullptr, &size, &error) == BB_API_MISUSE);
}

}  // namespace blindbook
