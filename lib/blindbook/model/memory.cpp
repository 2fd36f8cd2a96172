#include "blindbook/model/memory.h"

namespace blindbook::model {
namespace {

constexpr std::uint64_t kMegabyte = 1'000'000;

}  // namespace

std::uint64_t client_memory_bytes(std::uint64_t numbers) {
  return 26 * kMegabyte + 1'200 * numbers;
}

std::uint64_t client_daily_memory_bytes(std::uint64_t numbers, std::uint64_t directory) {
  return client_memory_bytes(numbers) + 2 * directory;
}

std::uint64_t publisher_memory_bytes(std::uint64_t rows, std::uint64_t directory) {
  return 40 * kMegabyte + 72 * rows + 3 * directory / 2;
}

std::uint64_t service_memory_bytes(std::uint64_t directory) {
  return 28 * kMegabyte + 3 * directory / 4;
}

}  // namespace blindbook::model
