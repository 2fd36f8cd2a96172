#include "blindbook/directory/label_seal.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/base/domains.h"
#include "blindbook/hash/hkdf.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/vectors.h"

using namespace blindbook;
using namespace blindbook::directory;
using test_support::DeterministicRandom;
using test_support::hex_bytes;
using test_support::read_vectors;

namespace {

constexpr std::uint16_t kL = 24;

struct Fixture {
  DeterministicRandom random{5};
  EpochId epoch{std::array<std::uint8_t, 16>{7}};
  LabelSealer sealer{SuiteId::kRistretto255Sha512, epoch, kL};
  Bytes prf_output = random.bytes(64);

  Bytes seal(std::string_view label) const {
    Bytes out(sealed_bytes(kL));
    REQUIRE(sealer.seal(prf_output, label, out));
    return out;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a sealed label opens for its prf output") {
  for (const std::string& label :
       {std::string(), std::string("anna"), std::string("j\u00F6rg"), std::string(22, 'x')}) {
    CHECK(sealer.open(prf_output, seal(label)) == label);
  }
}

TEST_CASE_METHOD(Fixture, "labels of every length open at every label size") {
  for (const std::uint16_t size : std::vector<std::uint16_t>{2, 3, 8, 31, 32, 33, 64, 65, 512}) {
    const LabelSealer sized(SuiteId::kP256Sha256, epoch, size);
    const Bytes out256 = random.bytes(32);
    for (std::size_t length = 0; length <= size - 2u; length += length < 40 ? 1 : 67) {
      const std::string label(length, 'y');
      Bytes sealed(sealed_bytes(size));
      REQUIRE(sized.seal(out256, label, sealed));
      REQUIRE(sized.open(out256, sealed) == label);
    }
  }
}

TEST_CASE_METHOD(Fixture, "the same label gives the same bytes and another label another key stream") {
  const Bytes anna = seal("anna");
  const Bytes bert = seal("bert");
  CHECK(anna == seal("anna"));
  // In the padding both plaintexts are zero, so equal bytes would show an equal key stream.
  CHECK(Bytes(anna.end() - 16, anna.end()) != Bytes(bert.end() - 16, bert.end()));
}

TEST_CASE_METHOD(Fixture, "a sealed label does not open for another prf output") {
  const Bytes sealed = seal("anna");
  for (std::size_t i = 0; i < prf_output.size(); i += 9) {
    Bytes other = prf_output;
    other[i] ^= 1;
    CHECK(!sealer.open(other, sealed));
  }
}

TEST_CASE_METHOD(Fixture, "a sealed label does not open in another epoch or suite") {
  const Bytes sealed = seal("anna");
  const EpochId other(std::array<std::uint8_t, 16>{8});
  CHECK(!LabelSealer(SuiteId::kRistretto255Sha512, other, kL).open(prf_output, sealed));
  CHECK(!LabelSealer(SuiteId::kP256Sha256, epoch, kL).open(ByteView(prf_output).first(32), sealed));
}

TEST_CASE_METHOD(Fixture, "a sealed label with any bit flipped does not open") {
  const Bytes sealed = seal("anna");
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    Bytes flipped = sealed;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1 << bit % 8);
    REQUIRE(!sealer.open(prf_output, flipped));
  }
}

TEST_CASE_METHOD(Fixture, "a sealed label of another size does not open") {
  const Bytes sealed = seal("anna");
  CHECK(!sealer.open(prf_output, ByteView(sealed).first(sealed.size() - 1)));
  CHECK(!sealer.open(prf_output, {}));
  CHECK(!LabelSealer(SuiteId::kRistretto255Sha512, epoch, 0).open(prf_output, {}));
  CHECK(!sealer.open(ByteView(prf_output).first(32), sealed));
}

TEST_CASE_METHOD(Fixture, "sealing refuses what is no label") {
  Bytes out(sealed_bytes(kL));
  CHECK(sealer.seal(prf_output, "a\nb", out).error().rule == "label.syntax");
  CHECK(sealer.seal(prf_output, "a\u202Eb", out).error().rule == "label.syntax");
  CHECK(sealer.seal(prf_output, "\xFF", out).error().rule == "label.syntax");
  CHECK(sealer.seal(prf_output, std::string(23, 'x'), out).error().rule == "label.length");
  CHECK(sealer.seal(prf_output, std::string(23, 'x'), out).error().fault == Fault::kBadInput);
}

TEST_CASE_METHOD(Fixture, "sealing refuses wrong sizes") {
  Bytes out(sealed_bytes(kL));
  CHECK(sealer.seal(prf_output, "anna", MutableBytes(out).first(out.size() - 1)).error().rule ==
        "label.size");
  CHECK(sealer.seal(ByteView(prf_output).first(32), "anna", out).error().rule == "label.size");
  CHECK(sealer.seal(prf_output, "anna", out));
  for (const std::uint16_t size : std::vector<std::uint16_t>{0, 1, 513}) {
    Bytes sealed(kSivBytes + size);
    const LabelSealer bad(SuiteId::kRistretto255Sha512, epoch, size);
    CHECK(bad.seal(prf_output, "", sealed).error().fault == Fault::kApiMisuse);
  }
  CHECK(sealer.handle({}).error().rule == "label.size");
}

TEST_CASE_METHOD(Fixture, "labels sealed together are the labels sealed one by one") {
  const Bytes other_output = random.bytes(64);
  const std::vector<LabelToSeal> rows{{prf_output, "anna"}, {other_output, ""}, {prf_output, "bert"}};
  Bytes together(rows.size() * sealed_bytes(kL));
  REQUIRE(sealer.seal_batch(rows, together));
  Bytes one_by_one;
  for (const LabelToSeal& row : rows) {
    Bytes out(sealed_bytes(kL));
    REQUIRE(sealer.seal(row.prf_output, row.label, out));
    one_by_one.insert(one_by_one.end(), out.begin(), out.end());
  }
  CHECK(together == one_by_one);
  CHECK(sealer.seal_batch({}, {}));
}

TEST_CASE_METHOD(Fixture, "one bad label among many and nothing is sealed") {
  const std::vector<LabelToSeal> rows{{prf_output, "anna"}, {prf_output, "a\nb"}};
  const Bytes before(rows.size() * sealed_bytes(kL), 0x5a);
  Bytes out = before;
  CHECK(sealer.seal_batch(rows, out).error().rule == "label.syntax");
  CHECK(sealer.seal_batch(rows, MutableBytes(out).first(sealed_bytes(kL))).error().rule == "label.size");
  CHECK(out == before);
}

TEST_CASE_METHOD(Fixture, "a handle depends on prf output and epoch and not on the label size") {
  const Handle handle = sealer.handle(prf_output).value();
  CHECK(handle == LabelSealer(SuiteId::kRistretto255Sha512, epoch, 48).handle(prf_output).value());
  CHECK(handle != LabelSealer(SuiteId::kRistretto255Sha512, EpochId(), kL).handle(prf_output).value());
  CHECK(handle != sealer.handle(random.bytes(64)).value());
}

TEST_CASE("rows whose plaintext is no label do not open though the key is right") {
  const auto vectors = read_vectors("directory/unopenable.json");
  const LabelSealer sealer(SuiteId{vectors.at("suite").get<std::uint8_t>()},
                           EpochId(std::span<const std::uint8_t, 16>(hex_bytes(vectors.at("epoch_id")))),
                           vectors.at("label_bytes").get<std::uint16_t>());
  const Bytes prf_output = hex_bytes(vectors.at("prf_output"));
  REQUIRE(sealer.open(prf_output, hex_bytes(vectors.at("good"))) == "abc");
  REQUIRE(vectors.at("cases").size() == 9);
  for (const auto& vector : vectors.at("cases")) {
    CAPTURE(vector.at("name").get<std::string>());
    CHECK(!sealer.open(prf_output, hex_bytes(vector.at("sealed"))));
  }
}

TEST_CASE("the default label size holds the longest label in steps of 8") {
  CHECK(default_label_bytes(0) == 24);
  CHECK(default_label_bytes(22) == 24);
  CHECK(default_label_bytes(23) == 32);
  CHECK(default_label_bytes(30) == 32);
  CHECK(default_label_bytes(31) == 40);
  CHECK(default_label_bytes(510) == 512);
  CHECK(!default_label_bytes(511));
  CHECK(!default_label_bytes(std::string::npos));
}
