#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"

/// What a fuzz target is made of. A target is a source that defines run(); tests/fuzz/CMakeLists.txt links it
/// with an engine: libFuzzer where clang builds with sanitizers, replay.cpp everywhere else. CONTRIBUTING.md
/// says how to add one.
namespace blindbook::fuzz {

/// Takes any bytes. A crash, a sanitizer's complaint, an exception or a broken require() is a find. Does the
/// same for the same bytes, whatever ran before.
void run(ByteView input);

/// Ends the process, naming `property`, unless it holds.
void require(bool holds, std::string_view property);

/// That an input was refused as it may be: by one of `rules`, and by whose `fault`. Both end the process
/// otherwise.
void require_refusal(const Error& error, Fault fault, std::initializer_list<std::string_view> rules);

/// A seed for DeterministicRandom that is a function of the input alone: so can a target cut or choose at
/// random without spending input bytes on it, and files of tests/vectors are seeds as they are.
[[nodiscard]] std::uint64_t seed_of(ByteView input);

/// Takes the text in front of the next `separator` off `text`; all of it when there is none.
[[nodiscard]] std::string_view take_until(std::string_view& text, char separator);

}  // namespace blindbook::fuzz
