// expect: (deleted function|deleted constructor)
#include "blindbook/base/secret.h"

blindbook::Secret<32> second_holder(const blindbook::Secret<32>& secret) {
#ifdef FAULT
  return secret;
#else
  return secret.duplicate();
#endif
}
