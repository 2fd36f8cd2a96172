// The operator's store of labels that are resolved on use. Input: the file, whose hash the target makes right
// once more, so that what stands behind it is reached.
#include "blindbook/service/label_store.h"

#include <algorithm>

#include "blindbook/hash/sha2.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/memory_file.h"

namespace blindbook::fuzz {
namespace {

using service::LabelStore;

constexpr std::size_t kHashBytes = 32;

Bytes with_right_hash(ByteView input) {
  Bytes file(input.begin(), input.end());
  if (file.size() >= kHashBytes) {
    const auto hash = hash::sha256({ByteView(file).first(file.size() - kHashBytes)});
    std::copy(hash.begin(), hash.end(), file.end() - kHashBytes);
  }
  return file;
}

void check_answers(const LabelStore& store) {
  Bytes answer(directory::sealed_bytes(store.header().label_bytes));
  directory::Handle handle;
  for (std::uint64_t place = 0; place < store.header().entries; ++place) {
    const ByteView entry = store.entry(place);
    std::copy_n(entry.begin(), handle.size(), handle.begin());
    store.resolve(handle, answer);
    require(std::ranges::equal(answer, entry.subspan(handle.size())), "a handle has its entry");
  }
  handle.fill(0xAB);
  store.resolve(handle, answer);
  const Bytes first = answer;
  store.resolve(handle, answer);
  require(answer == first, "a handle is answered alike each time");
}

}  // namespace

void run(ByteView input) {
  for (const Bytes& file : {Bytes(input.begin(), input.end()), with_right_hash(input)}) {
    const auto header = service::check_label_store(file);
    if (!header) {
      require_refusal(header.error(), Fault::kBadInput, {"label-store.format"});
      continue;
    }
    const MemoryFile there(file);
    const auto store = LabelStore::open(there.path(), *header);
    require(store.has_value(), "what is a label store opens as what it says it is");
    check_answers(**store);
    auto other = *header;
    other.edition = Edition(~other.edition.value());
    require(!LabelStore::open(there.path(), other), "a store does not pass for that of another edition");
  }
}

}  // namespace blindbook::fuzz
