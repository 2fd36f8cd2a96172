// Directory files, by both readers: as they arrive, cut anywhere, and whole.
#include <algorithm>

#include "blindbook/directory/builder.h"
#include "blindbook/directory/page_index.h"
#include "blindbook/directory/reader.h"
#include "blindbook/directory/root.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::fuzz {
namespace {

using namespace directory;
using test_support::DeterministicRandom;

Result<UnverifiedMatches> stream(ByteView file, const ExpectedHeader& expected, const std::vector<Tag>& own,
                                 DeterministicRandom& random) {
  StreamReader reader(expected, own);
  while (!file.empty()) {
    const ByteView front = file.first(std::min<std::size_t>(random.below(40), file.size()));
    file = file.subspan(front.size());
    const Bytes arrived(front.begin(), front.end());  // memory of its own: a view kept too long is found
    if (auto fed = reader.feed(arrived); !fed) {
      const auto repeated = reader.feed({});
      require(!repeated && repeated.error().rule == fed.error().rule, "after an error every call repeats it");
      return failed(fed);
    }
  }
  return std::move(reader).finish();
}

/// All tags of an accepted body, in order.
std::vector<Tag> tags_of(ByteView file, const Header& header) {
  TagDecoder decoder(header.rice);
  decoder.feed(file.subspan(header_bytes(header.label_template.size())));
  std::vector<Tag> out;
  for (std::uint64_t i = 0; i < header.entries; ++i) {
    require(decoder.next() == TagDecoder::Step::kTag, "an accepted body holds its entries");
    out.emplace_back(decoder.tag());
  }
  return out;
}

}  // namespace

void run(ByteView input) {
  const Result<Header> header = parse_header(input);
  const Root root = root_of(input);
  DeterministicRandom random(seed_of(input));
  if (!header) {
    require_refusal(header.error(), Fault::kPeerMisbehaved, {"directory.header"});
    require(!PageIndex::open(input, root), "no reader takes a file without a header");
    return;
  }
  require(!fault_of(*header), "a header that is read has no fault");
  const Bytes header_again = encode_header(*header);
  require(std::ranges::equal(header_again, input.first(header_again.size())),
          "a header is the one its fields make");

  const ExpectedHeader expected{.suite = header->suite,
                                .epoch = header->epoch,
                                .edition = header->edition,
                                .entries = header->entries,
                                .label_bytes = header->label_bytes,
                                .label_template = header->label_template,
                                .file_size = input.size()};
  const Result<PageIndex> index = PageIndex::open(input, root);
  if (auto read = stream(input, expected, {}, random); !read || !index) {
    require(!read && !index, "both readers accept the same files");
    require(read.error().rule == index.error().rule, "both readers refuse by the same rule");
    require_refusal(read.error(), Fault::kPeerMisbehaved, {"directory.size", "directory.body"});
    return;
  }

  const std::vector<Tag> tags = tags_of(input, *header);
  Builder builder(header->suite, header->epoch, header->edition, header->label_bytes, header->label_template);
  std::vector<Tag> own{Tag(0), Tag((std::uint64_t{1} << 56) - 1)};
  bool in_order = true;  // labels of equal tags
  for (std::size_t rank = 0; rank < tags.size(); ++rank) {
    const ByteView sealed = index->sealed(rank);
    builder.add(tags[rank], sealed);
    in_order = in_order && (rank == 0 || tags[rank - 1] != tags[rank] ||
                            std::ranges::lexicographical_compare(index->sealed(rank - 1), sealed) ||
                            std::ranges::equal(index->sealed(rank - 1), sealed));
    own.push_back(tags[rank]);
    own.emplace_back(tags[rank].value() ^ 1);
  }
  const Bytes rebuilt = std::move(builder).finish().value();
  require(std::ranges::equal(rebuilt, input) || !in_order, "an accepted file is the one of its rows");

  auto found = stream(input, expected, own, random);
  require(found.has_value(), "own tags change nothing in what is accepted");
  const auto matches = std::move(*found).verify(root);
  require(matches.has_value(), "a file has its root");
  auto match = matches->matches.begin();
  for (std::size_t i = 0; i < own.size(); ++i) {
    const PageIndex::Rows rows = index->find(own[i]);
    for (std::uint64_t row = 0; row < rows.count; ++row, ++match) {
      require(match != matches->matches.end() && match->own_index == i &&
                  std::ranges::equal(match->sealed, index->sealed(rows.first_rank + row)),
              "both readers find the same rows");
    }
  }
  require(match == matches->matches.end(), "the stream reader finds no more rows than the index");
}

}  // namespace blindbook::fuzz
