#include "blindbook/model/heads.h"

namespace blindbook::model {
namespace {

constexpr std::uint64_t kHeadsOfARequest = 500;

}  // namespace

std::uint64_t expected_head_bytes(std::uint64_t requests) {
  return requests * kHeadsOfARequest;
}

}  // namespace blindbook::model
