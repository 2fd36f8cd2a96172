#include "blindbook/base/bytes.h"

#include <catch2/catch.hpp>

using namespace blindbook;

TEST_CASE("hex is lower case and comes back") {
  const Bytes bytes = {0x00, 0x09, 0xa0, 0xff};
  CHECK(to_hex(bytes) == "0009a0ff");
  CHECK(from_hex("0009a0ff") == bytes);
  CHECK(from_hex("") == Bytes{});
}

TEST_CASE("from hex refuses odd lengths upper case and other characters") {
  for (const auto* text : {"0", "000", "0A", "0g", "0 ", " 0", "0x", "\xff\xff"}) {
    CHECK_FALSE(from_hex(text));
  }
}

TEST_CASE("base64url gives the values of rfc 4648 without padding") {
  CHECK(to_base64url(bytes_of("")) == "");
  CHECK(to_base64url(bytes_of("f")) == "Zg");
  CHECK(to_base64url(bytes_of("fo")) == "Zm8");
  CHECK(to_base64url(bytes_of("foo")) == "Zm9v");
  CHECK(to_base64url(bytes_of("foobar")) == "Zm9vYmFy");
  CHECK(to_base64url(Bytes{0xfb, 0xff}) == "-_8");
}

TEST_CASE("base64url comes back at every length") {
  Bytes bytes;
  for (std::size_t size = 0; size < 70; ++size) {
    CHECK(from_base64url(to_base64url(bytes)) == bytes);
    bytes.push_back(static_cast<std::uint8_t>(size * 37 + 11));
  }
}

TEST_CASE("from base64url refuses padding foreign characters impossible lengths and stray bits") {
  for (const auto* text : {"Zg==", "Zg=", "Z", "Zm9vZ", "+/8", "Zm 9", "Zh", "Zm9"}) {
    CHECK_FALSE(from_base64url(text));
  }
}

TEST_CASE("a byte reader reads back what a byte writer wrote") {
  ByteWriter writer;
  writer.u8(0x01).u16(0x0203).u32(0x04050607).u64(0x08090a0b0c0d0e0f).framed16(bytes_of("abc")).raw("xy");
  const Bytes bytes = std::move(writer).take();
  CHECK(to_hex(bytes) == "0102030405060708090a0b0c0d0e0f00036162637879");
  ByteReader reader(bytes);
  CHECK(reader.u8() == 0x01);
  CHECK(reader.u16() == 0x0203);
  CHECK(reader.u32() == 0x04050607);
  CHECK(reader.u64() == 0x08090a0b0c0d0e0f);
  CHECK(text_of(reader.framed16()) == "abc");
  CHECK_FALSE(reader.finished());
  CHECK(reader.array<2>() == std::array<std::uint8_t, 2>{'x', 'y'});
  CHECK(reader.finished());
}

TEST_CASE("a read past the end fails for good and yields zeros") {
  const Bytes bytes = {1, 2, 3};
  ByteReader reader(bytes);
  CHECK(reader.u16() == 0x0102);
  CHECK(reader.u16() == 0);
  CHECK(reader.failed());
  CHECK(reader.u8() == 0);
  CHECK(reader.raw(1).empty());
  CHECK_FALSE(reader.finished());
}

TEST_CASE("a frame longer than what is left fails") {
  const Bytes bytes = {0, 4, 'a', 'b', 'c'};
  ByteReader reader(bytes);
  CHECK(reader.framed16().empty());
  CHECK(reader.failed());
}

TEST_CASE("accept consumes the magic and nothing else") {
  ByteReader reader(bytes_of("magicrest"));
  CHECK_FALSE(reader.accept("magik"));
  CHECK_FALSE(reader.accept("magicrestandmore"));
  CHECK_FALSE(reader.failed());
  CHECK(reader.accept("magic"));
  CHECK(text_of(reader.rest()) == "rest");
}
