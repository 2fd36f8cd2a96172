#include <optional>
#include <utility>

#include "blindbook/capi/boundary.h"
#include "blindbook/protocol/epoch.h"
#include "blindbook/protocol/sealed_file.h"

// An operator's key files behind the C ABI.

using namespace blindbook;
using capi::any_null;
using capi::copy_out;
using capi::guarded;
using capi::report;
using capi::report_null;
using capi::view_of;

namespace {

Result<SecretBytes> open_sealed(ByteView file, const protocol::KeyFileHeader& header, std::string_view name,
                                const char* passphrase, const uint8_t* slot) {
  if (any_null(passphrase, slot)) {
    return bad_input("key.sealed", "the key file is sealed, and opens with passphrase and slot alone");
  }
  const auto stretched = protocol::stretch(bytes_of(std::string_view(passphrase)), header.salt, header.cost);
  if (!stretched) {
    return tl::unexpected<Error>(stretched.error());
  }
  return protocol::open_key_file(file, name, *stretched,
                                 protocol::Slot(ByteView(slot, BB_KEY_BYTES).first<BB_KEY_BYTES>()));
}

/// The key itself: beside an epoch's, its file also holds suite and life, which the announcement says too.
Result<SecretBytes> open_file(ByteView file, std::string_view name, const char* passphrase,
                              const uint8_t* slot) {
  const auto header = protocol::parse_key_file_header(file);
  if (!header) {
    return tl::unexpected<Error>(header.error());
  }
  auto secret = header->protection == protocol::KeyProtection::kNone
                    ? Result<SecretBytes>(SecretBytes(file.subspan(protocol::kKeyFileHeaderBytes)))
                    : open_sealed(file, *header, name, passphrase, slot);
  if (!secret || header->kind != protocol::KeyKind::kEpoch) {
    return secret;
  }
  const std::optional<protocol::EpochSecret> parts = protocol::parse_epoch_secret(secret->expose());
  if (!parts) {
    return bad_input("key.format", "the file does not hold the key of an epoch");
  }
  return SecretBytes(parts->scalar);
}

}  // namespace

bb_status bb_key_file_open(const uint8_t* file, size_t size, const char* name, const char* passphrase,
                           const uint8_t* slot, uint8_t* out, size_t* out_size, bb_error* error) {
  if (any_null(file, name)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    const auto secret = open_file(view_of(file, size), name, passphrase, slot);
    return secret ? copy_out(secret->expose(), out, out_size, error) : report(secret.error(), error);
  });
}
