#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "blindbook/directory/bit_reader.h"
#include "blindbook/directory/bit_writer.h"

#include "tests/support/deterministic_random.h"

using blindbook::Bytes;
using blindbook::ByteView;
using blindbook::directory::BitReader;
using blindbook::directory::BitWriter;
using blindbook::test_support::DeterministicRandom;

TEST_CASE("bits are written most significant first") {
  Bytes out(3);
  BitWriter writer(out);
  writer.put(1, 1);
  writer.put(0b01, 2);
  writer.put_zeros(4);
  writer.put(0b101, 3);
  CHECK(writer.finish() == 1);
  CHECK(out == Bytes{0b10100001, 0b01000000, 0});
}

TEST_CASE("whole words are written at their byte") {
  Bytes out(24);
  BitWriter writer(out);
  writer.put(0x0123456789ABCDEF, 64);
  writer.put_zeros(64);
  writer.put(0xFEDCBA9876543210, 64);
  CHECK(writer.finish() == 0);
  CHECK(blindbook::to_hex(out) == "0123456789abcdef0000000000000000fedcba9876543210");
}

TEST_CASE("a read of no bits succeeds on an empty stream") {
  BitReader reader;
  std::uint64_t value = 1;
  CHECK(reader.read(0, value));
  CHECK(value == 0);
  CHECK(!reader.read(1, value));
}

TEST_CASE("a failed read consumes nothing") {
  const Bytes first{0xAB};
  const Bytes second{0xCD};
  BitReader reader;
  std::uint64_t value = 0;
  reader.feed(first);
  CHECK(!reader.read(9, value));
  CHECK(reader.bits_left() == 8);
  CHECK(reader.position() == 0);
  reader.feed(second);
  CHECK(reader.read(12, value));
  CHECK(value == 0xABC);
  CHECK(reader.position() == 12);
  CHECK(reader.bits_left() == 4);
}

TEST_CASE("zeros before a one are counted across words and chunks") {
  for (const std::size_t zeros : {0u, 1u, 7u, 8u, 55u, 56u, 57u, 63u, 64u, 65u, 200u, 1000u}) {
    for (const std::size_t chunk : {1u, 3u, 8u, 1000u}) {
      CAPTURE(zeros, chunk);
      Bytes out(zeros / 8 + 2);
      BitWriter writer(out);
      writer.put_zeros(zeros);
      writer.put(0b11, 2);
      writer.finish();
      BitReader reader;
      std::uint64_t counted = 0;
      bool found = false;
      for (std::size_t at = 0; at < out.size() && !found; at += chunk) {
        reader.feed(ByteView(out).subspan(at, std::min(chunk, out.size() - at)));
        found = reader.read_unary(counted);
      }
      CHECK(found);
      CHECK(counted == zeros);
      CHECK(reader.position() == zeros + 1);
    }
  }
}

TEST_CASE("what is written is read back in chunks of any size") {
  DeterministicRandom random(1);
  struct Field {
    std::uint64_t value;
    unsigned width;
  };
  for (const std::size_t chunk : {1u, 2u, 7u, 8u, 9u, 64u, 5000u}) {
    std::vector<Field> fields;
    std::size_t bits = 0;
    for (int i = 0; i < 500; ++i) {
      const auto width = static_cast<unsigned>(random.below(BitReader::kMaxRead) + 1);
      fields.push_back({random.below(std::uint64_t{1} << width), width});
      bits += width;
    }
    Bytes out((bits + 7) / 8);
    BitWriter writer(out);
    for (const Field& field : fields) {
      writer.put(field.value, field.width);
    }
    CHECK(writer.finish() == 0);

    BitReader reader;
    std::size_t at = 0;
    std::size_t equal = 0;
    for (const Field& field : fields) {
      std::uint64_t value = 0;
      while (!reader.read(field.width, value)) {
        REQUIRE(at < out.size());
        const std::size_t size = std::min(chunk, out.size() - at);
        reader.feed(ByteView(out).subspan(at, size));
        at += size;
      }
      equal += value == field.value ? 1 : 0;
    }
    CHECK(equal == fields.size());
    CHECK(reader.bits_left() == 8 * out.size() - bits);
  }
}
