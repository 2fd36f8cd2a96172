#include "tests/support/failing_heap.h"

#include <cstdlib>
#include <new>

#include <openssl/crypto.h>

namespace blindbook::test_support {

FailingHeap failing_heap;

}  // namespace blindbook::test_support

namespace {

using blindbook::test_support::failing_heap;

bool fails(bool counted) {
  return counted && ++failing_heap.allocations == failing_heap.failing;
}

void* allocate(std::size_t size) {
  return fails(failing_heap.counting) ? nullptr : std::malloc(size == 0 ? 1 : size);
}

void* allocate_for_openssl(std::size_t size, const char* /*file*/, int /*line*/) {
  return fails(failing_heap.counting_openssl) ? nullptr : std::malloc(size);
}
void* reallocate_for_openssl(void* block, std::size_t size, const char* /*file*/, int /*line*/) {
  return fails(failing_heap.counting_openssl) ? nullptr : std::realloc(block, size);
}
void free_for_openssl(void* block, const char* /*file*/, int /*line*/) {
  std::free(block);
}

// Before libcrypto's first allocation, or never.
const bool openssl_is_ours =
    CRYPTO_set_mem_functions(allocate_for_openssl, reallocate_for_openssl, free_for_openssl) == 1;

}  // namespace

void* operator new(std::size_t size) {
  if (void* const block = allocate(size)) {
    return block;
  }
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return allocate(size);
}
void operator delete(void* block) noexcept {
  std::free(block);
}
void operator delete(void* block, std::size_t /*size*/) noexcept {
  std::free(block);
}
