#include "blindbook/service/memory_protection.h"

#include <catch2/catch.hpp>
#include <sys/mman.h>

namespace blindbook::service {
namespace {

TEST_CASE("locking memory says whether the system did it") {
  constexpr std::size_t kSize = 64;
  void* const page = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(page != MAP_FAILED);
  const ByteView bytes(static_cast<const std::uint8_t*>(page), kSize);
  CHECK(lock_in_memory(bytes));
  CHECK(lock_in_memory({}));
  REQUIRE(::munmap(page, kSize) == 0);
  CHECK_FALSE(lock_in_memory(bytes));
}

}  // namespace
}  // namespace blindbook::service
