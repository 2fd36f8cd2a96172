#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/bytes.h"

#include "tests/bench/attack/number_range.h"

/// The dictionary attack: for every number there is, work out what it would look like on the wire, and see whether that
/// was sent.
namespace blindbook::bench {

/// Every place in some messages, by the eight bytes that stand there. So it is known what an attack looks for, and not how
/// a protocol frames it: one attack does for all.
class MessageIndex {
 public:
  /// The messages live as long as the index.
  explicit MessageIndex(std::span<const Bytes> messages);

  /// Whether `bytes`, eight or more, were sent. False for fewer.
  [[nodiscard]] bool contains(ByteView bytes) const;

 private:
  struct Place {
    std::uint64_t window;
    ByteView from;  // to the end of the message
  };
  std::vector<Place> places_;  // by window
  std::vector<bool> seen_;     // by the low bits of a window: nearly all that is tried ends here
};

/// What a number may look like on the wire, told to `tell`, once or several times.
using Tell = std::function<void(ByteView bytes)>;
using Guess = std::function<void(std::string_view identifier, const Tell& tell)>;

/// SHA-256 of the identifier.
[[nodiscard]] Guess sha256_guess();

/// The look-up hash of Matrix under the pepper that the messages name. Throws std::runtime_error where they name none.
[[nodiscard]] Guess matrix_guess(std::span<const Bytes> from_client);

/// The number as text, its SHA-256, its look-up hash without a pepper, and its HashToGroup (RFC 9497 section 4.1), blinded
/// by nothing: all that can be worked out of a number without the client's masks.
[[nodiscard]] Guess every_guess();

struct DictionaryResult {
  std::vector<std::string> recovered;  ///< in the order of the range
  std::uint64_t tried = 0;
  double cpu_seconds = 0;  ///< of the calling thread, the only one

  [[nodiscard]] double numbers_per_second() const { return static_cast<double>(tried) / cpu_seconds; }
};

/// Tries every number of the range on what a client sent.
[[nodiscard]] DictionaryResult try_numbers(std::span<const Bytes> from_client, const NumberRange& range,
                                           const Guess& guess);

}  // namespace blindbook::bench
