// Every derivation of docs/spec/derivations.md against tests/vectors/derivations.json, which an
// implementation of its own wrote (tests/tools/make_derivation_vectors.py).
#include <catch2/catch.hpp>

#include "blindbook/base/domains.h"
#include "blindbook/hash/hkdf.h"
#include "blindbook/hash/hmac.h"
#include "blindbook/protocol/codec.h"
#include "blindbook/protocol/operator_identity.h"

#include "tests/protocol/in_memory_operator.h"
#include "tests/support/vectors.h"

namespace blindbook::protocol {
namespace {

using namespace test_support;
using nlohmann::json;

const json& vectors() {
  static const json kAll = read_vectors("derivations.json");
  return kAll;
}

template <std::size_t N>
std::span<const std::uint8_t, N> fixed(const Bytes& bytes) {
  REQUIRE(bytes.size() == N);
  return std::span<const std::uint8_t, N>(bytes);
}

oprf::KeyPair epoch_keys() {
  const json& epoch = vectors()["epoch"];
  const Bytes seed = hex_bytes(epoch["seed"]);
  return InMemoryOperator::suite()
      .derive_key_pair(Secret<32>(fixed<32>(seed)), hex_bytes(epoch["key_info"]))
      .value();
}

}  // namespace

TEST_CASE("derivation vectors - root fingerprint") {
  const Bytes key = hex_bytes(vectors()["root"]["key"]);
  REQUIRE(fingerprint_of(Ed25519PublicKey(fixed<32>(key))).hex() == vectors()["root"]["fingerprint"]);
}

TEST_CASE("derivation vectors - epoch key and epoch id") {
  const json& epoch = vectors()["epoch"];
  const std::string name = epoch["operator"];
  const UnixTime not_before(epoch["not_before"].get<std::uint64_t>());
  const UnixTime not_after(epoch["not_after"].get<std::uint64_t>());
  REQUIRE(to_hex(epoch_key_info(name, not_before)) == epoch["key_info"]);
  const oprf::KeyPair keys = epoch_keys();
  REQUIRE(to_hex(keys.secret.expose()) == epoch["secret_key"]);
  REQUIRE(to_hex(keys.public_key.bytes()) == epoch["public_key"]);
  REQUIRE(epoch_id(name, keys.public_key, not_before, not_after).hex() == epoch["epoch_id"]);
}

TEST_CASE("derivation vectors - output tag handle and sealed label") {
  const oprf::KeyPair keys = epoch_keys();
  const Bytes epoch_bytes = hex_bytes(vectors()["epoch"]["epoch_id"]);
  const EpochId epoch(fixed<16>(epoch_bytes));
  REQUIRE(vectors()["labels"].size() == 3);
  for (const json& vector : vectors()["labels"]) {
    const Identifier identifier = Identifier::parse(vector["identifier"].get<std::string>()).value();
    const ByteView input = identifier.bytes();
    std::vector<oprf::PrfOutput> outputs(1);
    InMemoryOperator::suite().evaluate_unblinded(keys.secret, std::span(&input, 1), outputs);
    const ByteView output = outputs[0].expose();
    REQUIRE(to_hex(output) == vector["output"]);

    ByteWriter tag;
    tag.u64(directory::tag_of(output).value());
    REQUIRE(to_hex(tag.view().subspan(1)) == vector["tag"]);

    const auto label_bytes = vector["label_bytes"].get<std::uint16_t>();
    const directory::LabelSealer sealer(SuiteId::kRistretto255Sha512, epoch, label_bytes);
    REQUIRE(to_hex(sealer.handle(output).value()) == vector["handle"]);
    Bytes sealed(directory::sealed_bytes(label_bytes));
    REQUIRE(sealer.seal(output, vector["label"].get<std::string>(), sealed).has_value());
    REQUIRE(to_hex(sealed) == vector["sealed"]);
    REQUIRE(sealer.open(output, sealed) == vector["label"].get<std::string>());
  }
}

TEST_CASE("derivation vectors - the intermediate values of a label follow from one another") {
  const json& vector = vectors()["labels"][0];
  const Bytes context = [] {
    ByteWriter out;
    out.u8(1).raw(hex_bytes(vectors()["epoch"]["epoch_id"]));
    return std::move(out).take();
  }();
  const SecretBytes prk =
      hash::hkdf_extract(hash::HashId::kSha512, bytes_of(domain::kLabelSalt), hex_bytes(vector["output"]));
  REQUIRE(to_hex(prk.expose()) == vector["prk"]);
  const auto expanded = [&](std::string_view purpose) {
    ByteWriter info;
    info.raw(purpose).raw(context);
    Bytes out(32);
    hash::hkdf_expand(hash::HashId::kSha512, prk.expose(), info.view(), out);
    return out;
  };
  const Bytes siv_key = expanded(domain::kLabelSiv);
  const Bytes enc_key = expanded(domain::kLabelEnc);
  REQUIRE(to_hex(siv_key) == vector["k_siv"]);
  REQUIRE(to_hex(enc_key) == vector["k_enc"]);
  const auto siv = hash::hmac_sha256(siv_key, {hex_bytes(vector["padded"])});
  REQUIRE(to_hex(ByteView(siv).first(8)) == vector["siv"]);
  ByteWriter info;
  info.raw(domain::kLabelStream).raw(ByteView(siv).first(8));
  Bytes stream(vector["label_bytes"].get<std::size_t>());
  hash::hkdf_expand(hash::HashId::kSha256, enc_key, info.view(), stream);
  REQUIRE(to_hex(stream) == vector["stream"]);
}

TEST_CASE("derivation vectors - request digest and log head") {
  const json& request = vectors()["request"];
  REQUIRE(digest_of_request(hex_bytes(request["body"])).hex() == request["digest"]);
  REQUIRE(parse_request(hex_bytes(request["body"])).value().count == 16);
  Head head;
  const json& log = vectors()["log"];
  for (std::size_t i = 0; i < log["objects"].size(); ++i) {
    head = next_head(head, hex_bytes(log["objects"][i]));
    REQUIRE(head.hex() == log["heads"][i]);
  }
}

}  // namespace blindbook::protocol
