#include "blindbook/protocol/epoch.h"

#include <algorithm>

#include "blindbook/base/domains.h"
#include "blindbook/hash/sha2.h"

namespace blindbook::protocol {

EpochId epoch_id(std::string_view operator_name, const oprf::PublicKey& key, UnixTime not_before,
                 UnixTime not_after) {
  ByteWriter named;
  named.u8(static_cast<std::uint8_t>(key.suite())).framed16(bytes_of(operator_name)).raw(key.bytes());
  named.u64(not_before.value()).u64(not_after.value());
  const auto digest = hash::sha256({bytes_of(domain::kEpoch), named.view()});
  return EpochId(std::span(digest).first<EpochId::kSize>());
}

Bytes epoch_key_info(std::string_view operator_name, UnixTime not_before) {
  ByteWriter info;
  info.raw(domain::kEpochKey).framed16(bytes_of(operator_name)).u64(not_before.value());
  return std::move(info).take();
}

Result<oprf::KeyPair> make_epoch_key(const oprf::Suite& suite, std::string_view operator_name,
                                     UnixTime not_before, RandomSource& random) {
  Secret<32> seed;
  random.fill(seed.expose_mutable());
  return suite.derive_key_pair(seed, epoch_key_info(operator_name, not_before));
}

SecretBytes encode_epoch_secret(const oprf::SecretKey& key, UnixTime not_before, UnixTime not_after) {
  ByteWriter head;
  head.u8(static_cast<std::uint8_t>(key.suite())).u64(not_before.value()).u64(not_after.value());
  SecretBytes out(head.view().size() + key.expose().size());
  std::ranges::copy(head.view(), out.expose_mutable().begin());
  std::ranges::copy(key.expose(), out.expose_mutable().subspan(head.view().size()).begin());
  return out;
}

std::optional<EpochSecret> parse_epoch_secret(ByteView secret) {
  ByteReader reader(secret);
  const oprf::Suite* suite = oprf::find_suite(static_cast<SuiteId>(reader.u8()));
  const UnixTime not_before(reader.u64());
  const UnixTime not_after(reader.u64());
  if (reader.failed() || suite == nullptr) {
    return std::nullopt;
  }
  return EpochSecret{suite, not_before, not_after, reader.rest()};
}

}  // namespace blindbook::protocol
