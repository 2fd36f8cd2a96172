#include "blindbook/service/publish_index.h"

#include "blindbook/base/domains.h"

namespace blindbook::service {
namespace {

template <class Hash>
Hash cut(const std::array<std::uint8_t, 32>& code) {
  return Hash(ByteView(code).first<Hash::kSize>());
}

}  // namespace

RowHash PublishIndex::row(std::string_view number, std::string_view region, std::string_view label) const {
  // A row is looked up by this that may hold anything. It meets no row that was published, as none of these has a
  // zero byte in one of its three parts.
  constexpr std::uint8_t kEnd = 0;
  hash::Hmac<hash::Sha256> keyed = authenticator(domain::kIndexRow);
  keyed.update(bytes_of(number)).update({&kEnd, 1}).update(bytes_of(region)).update({&kEnd, 1});
  return cut<RowHash>(keyed.update(bytes_of(label)).finish());
}

NumberHash PublishIndex::identifier(ByteView identifier) const {
  return cut<NumberHash>(authenticator(domain::kIndexIdentifier).update(identifier).finish());
}

hash::Hmac<hash::Sha256> PublishIndex::authenticator(std::string_view domain) const {
  hash::Hmac<hash::Sha256> keyed = keyed_;
  keyed.update(bytes_of(domain));
  return keyed;
}

}  // namespace blindbook::service
