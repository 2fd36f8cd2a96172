#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "blindbook/base/domains.h"

#include "tests/protocol/in_memory_operator.h"

/// Announcements as no honest operator would write them, validly signed.
namespace blindbook::test_support {

inline std::string json_in(const Bytes& object) {
  return std::string(text_of(ByteView(object).subspan(8 + protocol::Ed25519Signature::kSize)));
}

/// An object with this JSON, signed as the operator would sign it.
inline Bytes signed_json(const InMemoryOperator& city, const std::string& text) {
  ByteWriter out;
  out.raw(magic::kAnnouncement);
  out.raw(city.announcer().sign({bytes_of(domain::kAnnouncement), bytes_of(text)}).view());
  out.raw(text);
  return std::move(out).take();
}

inline Error error_of(const InMemoryOperator& city, const Bytes& object) {
  const auto opened = protocol::open_announcement(object, city.root_key());
  REQUIRE_FALSE(opened.has_value());
  return opened.error();
}

/// The rule that rejects a validly signed announcement after `change`; the fault must be the peer's.
template <class Change>
std::string_view rule_after(InMemoryOperator& city, Change&& change) {
  nlohmann::json all = nlohmann::json::parse(json_in(city.announce()));
  change(all);
  const Error error = error_of(city, signed_json(city, all.dump()));
  REQUIRE(error.fault == Fault::kPeerMisbehaved);
  return error.rule;
}

}  // namespace blindbook::test_support
