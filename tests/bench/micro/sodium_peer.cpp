#include "tests/bench/micro/sodium_peer.h"

#include <stdexcept>

#include <sodium.h>

#include "tests/bench/micro/inputs.h"

namespace blindbook::bench::sodium {
namespace {

void update(crypto_hash_sha512_state& state, ByteView bytes) {
  crypto_hash_sha512_update(&state, bytes.data(), bytes.size());
}

Bytes64 finish(crypto_hash_sha512_state& state) {
  Bytes64 digest;
  crypto_hash_sha512_final(&state, digest.data());
  return digest;
}

crypto_hash_sha512_state state_after(ByteView bytes) {
  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  update(state, bytes);
  return state;
}

std::array<std::uint8_t, 2> two_bytes(std::size_t value) {
  return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

}  // namespace

Bytes64 expand_message(ByteView message) {
  static const crypto_hash_sha512_state after_zero_block = state_after(std::array<std::uint8_t, 128>{});
  static constexpr std::array<std::uint8_t, 1> kTagLength{kHashToGroupTag.size()};

  crypto_hash_sha512_state state = after_zero_block;
  update(state, message);
  update(state, std::array<std::uint8_t, 3>{0, 64, 0});
  update(state, bytes_of(kHashToGroupTag));
  update(state, kTagLength);
  state = state_after(finish(state));
  update(state, std::array<std::uint8_t, 1>{1});
  update(state, bytes_of(kHashToGroupTag));
  update(state, kTagLength);
  return finish(state);
}

Bytes32 hash_to_group(ByteView message) {
  Bytes32 element;
  crypto_core_ristretto255_from_hash(element.data(), expand_message(message).data());
  return element;
}

Bytes32 scalar_from_uniform(const Bytes64& uniform) {
  Bytes32 scalar;
  crypto_core_ristretto255_scalar_reduce(scalar.data(), uniform.data());
  return scalar;
}

Bytes32 multiply(const Bytes32& k, const Bytes32& element) {
  Bytes32 out;
  if (crypto_scalarmult_ristretto255(out.data(), k.data(), element.data()) != 0) {
    throw std::runtime_error("libsodium refused an element");
  }
  return out;
}

Bytes64 finalize(ByteView message, const Bytes32& element) {
  crypto_hash_sha512_state state = state_after(two_bytes(message.size()));
  update(state, message);
  update(state, two_bytes(element.size()));
  update(state, element);
  update(state, bytes_of("Finalize"));
  return finish(state);
}

}  // namespace blindbook::bench::sodium
