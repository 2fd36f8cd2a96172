#include <algorithm>

#include "tests/bench/baselines/blind_rsa.h"
#include "tests/bench/baselines/blindbook.h"
#include "tests/bench/baselines/classic_dh.h"
#include "tests/bench/baselines/ecdh.h"
#include "tests/bench/baselines/matrix_lookup.h"
#include "tests/bench/baselines/prefix_buckets.h"
#include "tests/bench/baselines/protocol.h"
#include "tests/bench/baselines/uploads.h"

namespace blindbook::bench {
namespace {

std::vector<Protocol> all_of_them() {
  std::vector<Protocol> out;
  for (const auto& family :
       {blindbook_protocols(), upload_protocols(), matrix_protocols(), bucket_protocols(), ecdh_protocols(),
        classic_dh_protocols(), blind_rsa_protocols()}) {
    out.insert(out.end(), family.begin(), family.end());
  }
  return out;
}

}  // namespace

std::span<const Protocol> protocols() {
  static const std::vector<Protocol> kAll = all_of_them();
  return kAll;
}

const Protocol* find_protocol(std::string_view name) {
  const std::span<const Protocol> all = protocols();
  const auto found =
      std::find_if(all.begin(), all.end(), [name](const Protocol& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace blindbook::bench
