// expect: (deleted function|deleted constructor)
#include "blindbook/base/secret.h"

blindbook::SecretBytes second_holder(const blindbook::SecretBytes& secret) {
#ifdef FAULT
  return secret;
#else
  return secret.duplicate();
#endif
}
