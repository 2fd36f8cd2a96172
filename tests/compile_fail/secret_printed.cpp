// expect: (no match for 'operator<<'|invalid operands to binary expression)
#include <ostream>

#include "blindbook/base/secret.h"

void print(std::ostream& out, const blindbook::Secret<32>& secret) {
#ifdef FAULT
  out << secret;
#else
  out << secret.expose().size();
#endif
}
