// What a publication leaves to the next one. Input: the file, which the target authenticates once more, so that
// what stands behind the MAC is reached.
#include "blindbook/service/publish_cache.h"

#include <algorithm>

#include "blindbook/base/domains.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/memory_file.h"

namespace blindbook::fuzz {
namespace {

using namespace service;

void check_entries(const PublishCache& cache, const PublishCacheHeader& header) {
  require(cache.size() == header.entries, "a cache has the entries of its header");
  for (std::uint32_t place = 0; place < cache.size(); ++place) {
    const PublishCacheEntry entry = cache[place];
    require(entry.number == cache.number_at(place), "an entry has one number");
    // Only where rows ascend are they found, and an authenticated cache was written in that order; whatever is found, it
    // is that row.
    if (const auto found = cache.find(entry.row)) {
      require(*found < cache.size() && cache[*found].row == entry.row,
              "what is found is what was looked for");
    }
  }
}

}  // namespace

void run(ByteView input) {
  constexpr std::size_t kMacBytes = 32;
  const PublishIndex index{Secret<32>()};
  const auto header = parse_publish_cache_header(input);
  if (!header) {
    require_refusal(header.error(), Fault::kBadInput, {"cache.format"});
    return;
  }
  const MemoryFile altered(input);
  const auto forged = PublishCache::open(altered.path(), index, *header);
  require(!forged, "no cache opens that its key did not authenticate");
  require_refusal(forged.error(), Fault::kBadInput, {"cache.mac"});

  Bytes file(input.begin(), input.end());
  const auto mac =
      index.authenticator(domain::kIndexCache).update(ByteView(file).first(file.size() - kMacBytes)).finish();
  std::copy(mac.begin(), mac.end(), file.end() - kMacBytes);
  const MemoryFile whole(file);
  const auto cache = PublishCache::open(whole.path(), index, *header);
  require(cache.has_value(), "a cache that its key authenticated opens");
  check_entries(*cache, *header);
  auto other = *header;
  other.edition = Edition(~other.edition.value());
  require(!PublishCache::open(whole.path(), index, other),
          "a cache does not pass for that of another edition");
}

}  // namespace blindbook::fuzz
