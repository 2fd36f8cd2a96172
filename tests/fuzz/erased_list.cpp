// Whom no publication may bring back. Input: the file, which the target authenticates once more, so that what
// stands behind the MAC is reached.
#include "blindbook/service/erased_list.h"

#include <algorithm>

#include "blindbook/base/domains.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/memory_file.h"

namespace blindbook::fuzz {

void run(ByteView input) {
  using namespace service;
  constexpr std::size_t kMacBytes = 32;
  const PublishIndex index{Secret<32>()};
  const auto count = count_of_erased_list(input);
  const auto epoch = epoch_of_erased_list(input);
  const MemoryFile altered(input);
  const auto forged = ErasedList::load(altered.path(), epoch ? *epoch : EpochId(), index);
  require(count.has_value() == epoch.has_value(), "a list has a count and an epoch, or it is none");
  if (!count) {
    require_refusal(count.error(), Fault::kBadInput, {"erased.format"});
    require(!forged && forged.error().rule == "erased.format", "what is no list does not load");
    return;
  }
  require(!forged, "no list loads that its key did not authenticate");
  require_refusal(forged.error(), Fault::kBadInput, {"erased.mac"});

  Bytes file(input.begin(), input.end());
  const auto mac = index.authenticator(domain::kIndexErased)
                       .update(ByteView(file).first(file.size() - kMacBytes))
                       .finish();
  std::copy(mac.begin(), mac.end(), file.end() - kMacBytes);
  const MemoryFile whole(file);
  const auto list = ErasedList::load(whole.path(), *epoch, index);
  require(list && list->size() == *count, "a list that its key authenticated loads whole");
}

}  // namespace blindbook::fuzz
