// expect: (no match for 'operator<<'|invalid operands to binary expression)
#include <ostream>

#include "blindbook/base/identifier.h"

void print(std::ostream& out, const blindbook::Identifier& identifier) {
#ifdef FAULT
  out << identifier;
#else
  out << identifier.bytes().size();
#endif
}
