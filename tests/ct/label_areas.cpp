// What is derived from a PRF output: label keys, sealed labels, handles.
#include <optional>
#include <stdexcept>
#include <string>

#include "blindbook/directory/label_seal.h"

#include "tests/ct/watch.h"

namespace blindbook::ct {
namespace {

constexpr std::uint16_t kLabelBytes = 40;

directory::LabelSealer sealer(SuiteId suite) {
  return {suite, EpochId(), kLabelBytes};
}

/// A PRF output of the suite.
Bytes output(SuiteId suite) {
  Bytes bytes(suite == SuiteId::kP256Sha256 ? 32 : 64, 0x33);
  make_secret(MutableBytes(bytes));
  return bytes;
}

Bytes sealed(SuiteId suite) {
  Bytes out(directory::sealed_bytes(kLabelBytes));
  if (!sealer(suite).seal(output(suite), "anna", out)) {
    throw std::logic_error("a label that cannot be sealed");
  }
  return out;
}

Bytes seal() {
  Bytes out = sealed(SuiteId::kRistretto255Sha512);
  const Bytes other = sealed(SuiteId::kP256Sha256);
  out.insert(out.end(), other.begin(), other.end());
  return out;
}

/// One row that opens and one that does not. Both end in the open; the output stays secret.
Bytes open() {
  const Bytes own = output(SuiteId::kRistretto255Sha512);
  Bytes row = sealed(SuiteId::kRistretto255Sha512);
  make_public(row);  // the directory is
  const auto opener = sealer(SuiteId::kRistretto255Sha512);
  const auto label = opener.open(own, row);
  row[0] ^= 1;
  const auto nothing = opener.open(own, row);
  return label == "anna" && !nothing ? own : Bytes{};
}

Bytes handle() {
  const auto suite = SuiteId::kRistretto255Sha512;
  const directory::Handle handle = sealer(suite).handle(output(suite)).value();
  return {handle.begin(), handle.end()};
}

}  // namespace

std::vector<Area> label_areas() {
  return {{"label-seal", seal}, {"label-open", open}, {"label-handle", handle}};
}

}  // namespace blindbook::ct
