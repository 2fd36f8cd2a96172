// expect: (no match for 'operator<<'|invalid operands to binary expression)
#include <ostream>

#include "blindbook/contact/contact.h"

void print(std::ostream& out, const blindbook::contact::Contact& contact) {
#ifdef FAULT
  out << contact;
#else
  out << contact.line;
#endif
}
