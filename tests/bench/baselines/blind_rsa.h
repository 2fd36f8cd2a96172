#pragma once

#include <vector>

#include "tests/bench/baselines/protocol.h"

/// Private set intersection from blind RSA signatures (Chaum 1983; De Cristofaro and Tsudik, Financial Cryptography 2010;
/// for unequal sets, with the set published once: Kiss, Liu, Schneider, Asokan, Pinkas, PoPETs 2017). With H a hash onto
/// the integers modulo n, e = 65537:
///
///   service  publishes the tags of H(y)^d modulo n for its subscribers y
///   client   (empty)
///   service  n
///   client   H(x) r^e modulo n ..            r uniform, one for each contact x
///   service  (that)^d modulo n ..
///   client   divides by r, checks that the e-th power is H(x), and looks the tag up
namespace blindbook::bench {

/// With 2048 and 3072 bits, each over Boost.Multiprecision and over OpenSSL.
[[nodiscard]] std::vector<Protocol> blind_rsa_protocols();

}  // namespace blindbook::bench
