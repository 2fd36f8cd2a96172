#pragma once

#include <cstddef>

/// Linking sized_heap.cpp replaces the global operators new and delete of the whole program by ones that know
/// the size of every block, and that tell what happens to it. Such tests are programs of their own, and left
/// out of sanitizer builds, which bring their own operators.
namespace blindbook::test_support {

/// Who links sized_heap.cpp defines both; they are called from whichever thread allocates, and take nothing
/// from the heap.
/// @{
/// `block` is about to be given out. What it holds is undetermined.
void block_given(void* block, std::size_t size) noexcept;
/// `block` is about to go back, as its owner left it.
void block_taken_back(const void* block, std::size_t size) noexcept;
/// @}

}  // namespace blindbook::test_support
