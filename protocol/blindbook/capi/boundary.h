#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <stdexcept>
#include <string_view>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/capi/blindbook.h"

/// What crosses the C boundary: errors, buffers, and no exception.
namespace blindbook::capi {

/// The status of `error`, and its texts in *out unless that is null.
bb_status report(const Error& error, bb_error* out) noexcept;
inline bb_status report(const Result<void>& result, bb_error* out) noexcept {
  return result ? BB_OK : report(result.error(), out);
}

/// BB_API_MISUSE "capi.null".
bb_status report_null(bb_error* out) noexcept;

/// Whether `time` can be seconds since 1970: milliseconds, which a caller may have, are past all of them.
[[nodiscard]] constexpr bool is_time(std::uint64_t time) noexcept {
  return time < std::uint64_t{1} << 36;  // the year 4147
}
/// BB_API_MISUSE "capi.time".
bb_status report_no_time(bb_error* out) noexcept;

/// BB_UNAVAILABLE "capi.memory".
bb_status report_no_memory(bb_error* out) noexcept;
/// BB_UNAVAILABLE "capi.system".
bb_status report_no_system(bb_error* out) noexcept;

/// Copies `bytes` to the caller's buffer, or says how much room it takes: BB_SHORT_BUFFER.
bb_status copy_out(ByteView bytes, std::uint8_t* out, std::size_t* size, bb_error* error) noexcept;
/// The same with a null byte at the end. Texts that hold one cannot cross: they end there for the caller.
bb_status copy_out(std::string_view text, char* out, std::size_t* size, bb_error* error) noexcept;

/// Two texts at once, both or neither; both sizes are set.
struct TextOut {
  std::string_view text;
  char* out;
  std::size_t* size;
};
bb_status copy_out(const TextOut& first, const TextOut& second, bb_error* error) noexcept;

/// What a caller handed in: null and 0 are no bytes.
inline ByteView view_of(const std::uint8_t* bytes, std::size_t size) noexcept {
  return size == 0 ? ByteView() : ByteView(bytes, size);
}

/// True when one of `pointers` is null.
template <class... Pointer>
[[nodiscard]] constexpr bool any_null(const Pointer*... pointers) noexcept {
  return ((pointers == nullptr) || ...);
}

/// Runs `body`, which returns a bb_status. What it throws becomes BB_UNAVAILABLE "capi.memory" or "capi.system": nothing
/// that a peer sends makes this library throw.
template <class Body>
bb_status guarded(bb_error* error, const Body& body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return report_no_memory(error);
  } catch (const std::exception&) {
    return report_no_system(error);
  }
}

/// The same for what `body` leaves half done when it throws: *broken is set then, and every later call is
/// BB_UNAVAILABLE "capi.memory".
template <class Body>
bb_status guarded_whole(bool* broken, bb_error* error, const Body& body) noexcept {
  if (*broken) {
    return report_no_memory(error);
  }
  return guarded(error, [&] {
    *broken = true;
    const bb_status status = body();
    *broken = false;
    return status;
  });
}

}  // namespace blindbook::capi
