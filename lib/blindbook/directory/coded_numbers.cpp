#include "blindbook/directory/coded_numbers.h"

namespace blindbook::directory {

CodedNumbers code_numbers(std::span<const std::uint64_t> numbers) {
  const auto at = [numbers](std::size_t i) { return numbers[i]; };
  const RiceChoice choice = choose_rice(numbers.size(), at);
  CodedNumbers out{.rice = choice.k, .body = Bytes(static_cast<std::size_t>((choice.bits + 7) / 8))};
  encode_tags(numbers.size(), at, choice.k, out.body);
  return out;
}

tl::expected<std::vector<std::uint64_t>, std::string_view> decode_numbers(ByteView body, std::uint64_t count,
                                                                          unsigned rice) {
  if (rice > kMaxRice || (count == 0 && rice != 0)) {
    return tl::unexpected<std::string_view>("the Rice parameter is out of range");
  }
  // Each code takes 1 + k bits at least.
  if (count > body.size() * std::uint64_t{8} / (1 + rice) || (count == 0 && !body.empty())) {
    return tl::unexpected<std::string_view>("so many numbers cannot stand in so many bytes");
  }
  std::vector<std::uint64_t> out;
  out.reserve(static_cast<std::size_t>(count));
  TagDecoder decoder(rice);
  decoder.feed(body);
  while (out.size() < count) {
    if (decoder.next() != TagDecoder::Step::kTag) {
      return tl::unexpected<std::string_view>("the numbers are cut short, or pass 56 bits");
    }
    out.push_back(decoder.tag());
  }
  if (!decoder.take_padding() || !decoder.has_canonical_rice()) {
    return tl::unexpected<std::string_view>("the numbers are not coded in the one way there is");
  }
  return out;
}

}  // namespace blindbook::directory
