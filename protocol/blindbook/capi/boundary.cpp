#include "blindbook/capi/boundary.h"

#include <algorithm>

#include "blindbook/base/utf8.h"

namespace blindbook::capi {
namespace {

bb_status status_of(Fault fault) noexcept {
  switch (fault) {
    case Fault::kPeerMisbehaved:
      return BB_PEER_MISBEHAVED;
    case Fault::kBadInput:
      return BB_BAD_INPUT;
    case Fault::kApiMisuse:
      return BB_API_MISUSE;
    case Fault::kUnavailable:
      return BB_UNAVAILABLE;
    case Fault::kSpent:
      return BB_SPENT;
  }
  return BB_UNAVAILABLE;
}

/// Copies `text`, cut between two characters where it is too long.
template <std::size_t N>
void copy_text(std::string_view text, char (&out)[N]) noexcept {
  std::size_t size = 0;
  while (size < text.size()) {
    const std::size_t next = next_code_point(text.substr(size)).size;
    if (size + next > N - 1) {
      break;
    }
    size += next;
  }
  std::copy_n(text.begin(), size, out);  // memcpy may not be handed the null of an empty text
  out[size] = '\0';
}

bb_status report_texts(bb_status status, std::string_view rule, std::string_view message,
                       std::string_view hint, bb_error* out) noexcept {
  if (out != nullptr) {
    out->status = status;
    copy_text(rule, out->rule);
    copy_text(message, out->message);
    copy_text(hint, out->hint);
  }
  return status;
}

}  // namespace

bb_status report(const Error& error, bb_error* out) noexcept {
  return report_texts(status_of(error.fault), error.rule, error.message, error.hint, out);
}

bb_status report_null(bb_error* out) noexcept {
  return report_texts(BB_API_MISUSE, "capi.null", "a pointer is null that may not be", {}, out);
}

bb_status report_no_time(bb_error* out) noexcept {
  return report_texts(BB_API_MISUSE, "capi.time", "a time is none in seconds since 1970",
                      "milliseconds have to be divided by 1000", out);
}

bb_status report_no_memory(bb_error* out) noexcept {
  return report_texts(BB_UNAVAILABLE, "capi.memory", "there is not enough memory", {}, out);
}

bb_status report_no_system(bb_error* out) noexcept {
  return report_texts(BB_UNAVAILABLE, "capi.system",
                      "the system does not give what this needs, such as random bytes", {}, out);
}

bb_status copy_out(ByteView bytes, std::uint8_t* out, std::size_t* size, bb_error* error) noexcept {
  if (size == nullptr || (out == nullptr && *size != 0)) {
    return report_null(error);
  }
  const std::size_t room = *size;
  *size = bytes.size();
  if (room < bytes.size()) {
    return report_texts(BB_SHORT_BUFFER, "capi.short-buffer", "the buffer is too small", {}, error);
  }
  std::copy(bytes.begin(), bytes.end(), out);
  return BB_OK;
}

bb_status copy_out(std::string_view text, char* out, std::size_t* size, bb_error* error) noexcept {
  if (size == nullptr || (out == nullptr && *size != 0)) {
    return report_null(error);
  }
  const std::size_t room = *size;
  *size = text.size() + 1;
  if (room < *size) {
    return report_texts(BB_SHORT_BUFFER, "capi.short-buffer", "the buffer is too small", {}, error);
  }
  std::copy(text.begin(), text.end(), out);
  out[text.size()] = '\0';
  return BB_OK;
}

bb_status copy_out(const TextOut& first, const TextOut& second, bb_error* error) noexcept {
  bool fits = true;
  for (const TextOut* one : {&first, &second}) {
    if (one->size == nullptr || (one->out == nullptr && *one->size != 0)) {
      return report_null(error);
    }
    fits = fits && *one->size > one->text.size();
  }
  if (!fits) {
    *first.size = first.text.size() + 1;
    *second.size = second.text.size() + 1;
    return report_texts(BB_SHORT_BUFFER, "capi.short-buffer", "a buffer is too small", {}, error);
  }
  copy_out(first.text, first.out, first.size, nullptr);
  copy_out(second.text, second.out, second.size, nullptr);
  return BB_OK;
}

}  // namespace blindbook::capi
