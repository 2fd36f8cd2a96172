// expect: (could not convert|cannot convert|no known conversion|no viable conversion|invalid initialization)
#include "blindbook/group/ristretto255.h"

using blindbook::group::Ristretto255;

Ristretto255::EncodedElement encode(const Ristretto255::Scalar& scalar,
                                    const Ristretto255::Element& element) {
#ifdef FAULT
  static_cast<void>(element);
  return Ristretto255::encode(scalar);
#else
  static_cast<void>(scalar);
  return Ristretto255::encode(element);
#endif
}
