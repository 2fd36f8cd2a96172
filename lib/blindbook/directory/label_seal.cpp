#include "blindbook/directory/label_seal.h"

#include <algorithm>
#include <tuple>

#include "blindbook/base/constant_time.h"
#include "blindbook/base/dead_stack.h"
#include "blindbook/base/domains.h"
#include "blindbook/directory/label.h"
#include "blindbook/hash/hkdf.h"

namespace blindbook::directory {
namespace {

constexpr std::size_t kLengthBytes = 2;

// HMAC keyed with PRK, the key of every HKDF-Expand that follows.
template <class Hmac>
Hmac extract(const Hmac& salted, ByteView prf_output) noexcept {
  auto prk = Hmac(salted).update(prf_output).finish();
  Hmac keyed{ByteView(prk)};
  wipe(prk);
  return keyed;
}

// HKDF-Expand where one block of the hash is enough: T(1) = HMAC(PRK, info || 0x01), cut.
template <class Hmac>
void expand(const Hmac& keyed, std::string_view domain, ByteView context, MutableBytes out) noexcept {
  constexpr std::uint8_t kFirst = 1;
  auto block = Hmac(keyed).update(bytes_of(domain)).update(context).update({&kFirst, 1}).finish();
  std::copy_n(block.begin(), out.size(), out.begin());
  wipe(block);
}

// Writes `from` xor the key stream of `siv` into `to`; seals and opens.
void apply_stream(const Secret<32>& key, ByteView siv, ByteView from, MutableBytes to) {
  std::array<std::uint8_t, domain::kLabelStream.size() + kSivBytes> info;
  std::copy(domain::kLabelStream.begin(), domain::kLabelStream.end(), info.begin());
  std::copy(siv.begin(), siv.end(), info.begin() + domain::kLabelStream.size());
  hash::hkdf_expand(hash::HashId::kSha256, key.expose(), info, to);
  for (std::size_t i = 0; i < to.size(); ++i) {
    to[i] = static_cast<std::uint8_t>(to[i] ^ from[i]);
  }
}

std::array<std::uint8_t, 32> authenticate(const Secret<32>& key, ByteView padded) noexcept {
  return hash::hmac_sha256(key.expose(), {padded});
}

tl::unexpected<Error> wrong_size() {
  return api_misuse("label.size", "label, PRF output and buffer must have the sizes of the suite and epoch");
}

std::variant<hash::Hmac<hash::Sha256>, hash::Hmac<hash::Sha512>> salted_hmac(SuiteId suite) noexcept {
  const ByteView salt = bytes_of(domain::kLabelSalt);
  if (suite == SuiteId::kP256Sha256) {
    return hash::Hmac<hash::Sha256>(salt);
  }
  return hash::Hmac<hash::Sha512>(salt);
}

}  // namespace

std::optional<std::uint16_t> default_label_bytes(std::size_t longest) noexcept {
  if (longest > kMaxLabelBytes - kLengthBytes) {
    return std::nullopt;
  }
  const std::size_t rounded = (longest + kLengthBytes + 7) / 8 * 8;
  return static_cast<std::uint16_t>(std::max<std::size_t>(24, rounded));
}

LabelSealer::LabelSealer(SuiteId suite, const EpochId& epoch, std::uint16_t label_bytes) noexcept
    : label_bytes_(label_bytes), salted_(salted_hmac(suite)) {
  context_[0] = static_cast<std::uint8_t>(suite);
  std::copy(epoch.view().begin(), epoch.view().end(), context_.begin() + 1);
}

Result<void> LabelSealer::seal(ByteView prf_output, std::string_view label, MutableBytes out) const {
  const LabelToSeal row{prf_output, label};
  return seal_batch({&row, 1}, out);
}

Result<void> LabelSealer::seal_batch(std::span<const LabelToSeal> rows, MutableBytes out) const {
  const std::size_t row_bytes = sealed_bytes(label_bytes_);
  if (out.size() != rows.size() * row_bytes) {
    return wrong_size();
  }
  for (const LabelToSeal& row : rows) {
    if (auto checked = check(row); !checked) {
      return checked;
    }
  }
  leave_no_stack([&] {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      seal_checked(rows[i], out.subspan(i * row_bytes, row_bytes));
    }
  });
  return {};
}

Result<void> LabelSealer::check(const LabelToSeal& row) const {
  if (label_bytes_ < kMinLabelBytes || label_bytes_ > kMaxLabelBytes || !fits(row.prf_output)) {
    return wrong_size();
  }
  if (!is_valid_label(row.label)) {
    return bad_input("label.syntax", "the label is not UTF-8 or holds control characters");
  }
  if (row.label.size() > label_bytes_ - kLengthBytes) {
    return bad_input("label.length", "the label is longer than the label size of this epoch allows");
  }
  return {};
}

void LabelSealer::seal_checked(const LabelToSeal& row, MutableBytes out) const {
  Secret<kMaxLabelBytes> plaintext;
  const MutableBytes padded = plaintext.expose_mutable().first(label_bytes_);
  padded[0] = static_cast<std::uint8_t>(row.label.size() >> 8);
  padded[1] = static_cast<std::uint8_t>(row.label.size());
  std::copy(row.label.begin(), row.label.end(), padded.begin() + kLengthBytes);

  const Keys keys = derive(row.prf_output);
  const MutableBytes siv = out.first(kSivBytes);
  std::copy_n(authenticate(keys.siv, padded).begin(), kSivBytes, siv.begin());
  apply_stream(keys.enc, siv, padded, out.subspan(kSivBytes));
}

std::optional<std::string> LabelSealer::open(ByteView prf_output, ByteView sealed) const {
  if (label_bytes_ < kMinLabelBytes || label_bytes_ > kMaxLabelBytes ||
      sealed.size() != sealed_bytes(label_bytes_) || !fits(prf_output)) {
    return std::nullopt;
  }
  return leave_no_stack([&]() -> std::optional<std::string> {
    const Keys keys = derive(prf_output);
    const ByteView siv = sealed.first(kSivBytes);
    Secret<kMaxLabelBytes> plaintext;
    const MutableBytes padded = plaintext.expose_mutable().first(label_bytes_);
    apply_stream(keys.enc, siv, sealed.subspan(kSivBytes), padded);
    // Whether it opens is what the client is about to show, and a label that does is shown itself.
    if (!declassify(equal_constant_time(ByteView(authenticate(keys.siv, padded)).first(kSivBytes), siv))) {
      return std::nullopt;
    }
    declassify(padded.data(), padded.size());
    const std::size_t size = static_cast<std::size_t>(padded[0]) << 8 | padded[1];
    const MutableBytes text = padded.subspan(kLengthBytes);
    if (size > text.size() || std::any_of(text.begin() + static_cast<std::ptrdiff_t>(size), text.end(),
                                          [](auto byte) { return byte != 0; })) {
      return std::nullopt;
    }
    const std::string_view label = text_of(text.first(size));
    if (!is_valid_label(label)) {
      return std::nullopt;
    }
    return std::string(label);
  });
}

Result<Handle> LabelSealer::handle(ByteView prf_output) const {
  if (!fits(prf_output)) {
    return api_misuse("label.size", "a PRF output must have the size of the suite");
  }
  Handle out;
  leave_no_stack([&] {
    std::visit(
        [&](const auto& salted) { expand(extract(salted, prf_output), domain::kHandle, context_, out); },
        salted_);
  });
  return out;
}

bool LabelSealer::fits(ByteView prf_output) const {
  // A PRF output is one digest of the suite's hash.
  return std::visit(
      [&]<class Hmac>(const Hmac&) { return prf_output.size() == std::tuple_size_v<typename Hmac::Digest>; },
      salted_);
}

LabelSealer::Keys LabelSealer::derive(ByteView prf_output) const {
  Keys keys;
  std::visit(
      [&](const auto& salted) {
        const auto keyed = extract(salted, prf_output);
        expand(keyed, domain::kLabelSiv, context_, keys.siv.expose_mutable());
        expand(keyed, domain::kLabelEnc, context_, keys.enc.expose_mutable());
      },
      salted_);
  return keys;
}

}  // namespace blindbook::directory
