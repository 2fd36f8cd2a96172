#include "tests/support/vectors_folder.h"

namespace blindbook::test_support {

std::string vectors_folder() {
  return BLINDBOOK_TEST_VECTORS;
}

}  // namespace blindbook::test_support
