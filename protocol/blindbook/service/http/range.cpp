#include "blindbook/service/http/range.h"

#include <charconv>

namespace blindbook::service::http {

std::optional<std::size_t> resume_offset(const Request& request, std::string_view etag, std::size_t size) {
  if (!request.range || request.if_range != etag) {
    return std::nullopt;
  }
  std::string_view range = *request.range;
  if (!range.starts_with("bytes=") || !range.ends_with('-')) {
    return std::nullopt;
  }
  range.remove_prefix(6);
  range.remove_suffix(1);
  std::size_t offset = 0;
  const auto [end, error] = std::from_chars(range.data(), range.data() + range.size(), offset);
  if (error != std::errc() || end != range.data() + range.size() || offset == 0 || offset >= size) {
    return std::nullopt;
  }
  return offset;
}

}  // namespace blindbook::service::http
