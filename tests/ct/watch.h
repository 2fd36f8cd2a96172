#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include <valgrind/memcheck.h>

#include "blindbook/base/bytes.h"
#include "blindbook/base/random.h"

#include "tests/support/deterministic_random.h"

/// Constant time under valgrind. Secrets are marked undefined; memcheck follows them through every operation
/// and counts an error for each branch and each address that depends on one. What is let go on purpose the
/// library says itself, with declassify(), which the program stands in for: the code that runs is otherwise
/// that of every other program, object by object.
namespace blindbook::ct {

/// From here on nothing may branch on `object` or address by it.
template <class T>
void make_secret(T& object) {
  VALGRIND_MAKE_MEM_UNDEFINED(&object, sizeof object);
}
inline void make_secret(MutableBytes bytes) {
  VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), bytes.size());
}

/// What leaves the machine or is shown: a test says so where it plays the part of the wire.
inline void make_public(const Bytes& bytes) {
  VALGRIND_MAKE_MEM_DEFINED(bytes.data(), bytes.size());
}

/// The same bytes in every run, each of them a secret.
class SecretRandom final : public RandomSource {
 public:
  explicit SecretRandom(std::uint64_t seed) : random_(seed) {}
  void fill(MutableBytes out) override {
    random_.fill(out);
    make_secret(out);
  }

 private:
  test_support::DeterministicRandom random_;
};

/// Deliberate errors, each of which memcheck has to report.
struct Plant {
  std::string name;
  std::function<void()> leak;
};

/// One part of the library on secrets.
struct Area {
  std::string name;
  /// Does the work and returns bytes that came out of it and are still secret. The runner branches on them
  /// and looks up a table by them: if memcheck were silent then, it would have lost sight of the secrets on
  /// the way, and its silence before would prove nothing.
  std::function<Bytes()> work;
  /// Faults that are particular to this part.
  std::vector<Plant> plants = {};
};

/// The parts, one list a file.
/// @{
std::vector<Area> group_areas();
std::vector<Area> hash_areas();
std::vector<Area> label_areas();
std::vector<Area> oprf_areas();
/// @}

}  // namespace blindbook::ct
