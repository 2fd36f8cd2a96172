#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "blindbook/service/operator_folder.h"

#include "tests/support/deterministic_random.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::test_support {

/// An operator's folder that is not there yet, and how to make it.
struct OperatorFolderFixture {
  static constexpr UnixTime kNow{1'800'000'000};

  TemporaryFolder parent;
  std::filesystem::path data = parent / "data";
  DeterministicRandom random{11};
  std::string passphrase = "a passphrase";

  [[nodiscard]] service::PassphraseSource source() const {
    return [this]() -> Result<SecretBytes> { return SecretBytes(bytes_of(passphrase)); };
  }
  [[nodiscard]] service::NewOperator options() const {
    return {.name = "Stadt Musterhausen",
            .passphrase = source(),
            .root_key_out = {},
            .slot_folder = {},
            .public_url = {},
            .cost = {.log2_n = 10, .r = 8, .p = 1},
            .now = kNow};
  }
  service::OperatorFolder create(const service::NewOperator& options) {
    Result<service::OperatorFolder> created = service::OperatorFolder::create(data, options, random);
    REQUIRE(created);
    return std::move(*created);
  }
  service::OperatorFolder create() { return create(options()); }
  [[nodiscard]] service::OperatorFolder open() const {
    Result<service::OperatorFolder> opened = service::OperatorFolder::open(data, source());
    REQUIRE(opened);
    return std::move(*opened);
  }
};

inline mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

}  // namespace blindbook::test_support
