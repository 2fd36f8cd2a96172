// Directory: building, reading while it arrives, looking up in it.
// Counters: file_MB; bits = body bits per entry; above_log = those above log2(2^56 / entries).
#include <cmath>
#include <vector>

#include <benchmark/benchmark.h>

#include "blindbook/directory/builder.h"
#include "blindbook/directory/page_index.h"
#include "blindbook/directory/reader.h"
#include "blindbook/directory/tag.h"

#include "tests/support/deterministic_random.h"

namespace {

using namespace blindbook;
using namespace blindbook::directory;
using test_support::DeterministicRandom;

constexpr std::size_t kContacts = 1024;
constexpr std::uint16_t kLabelBytes = 24;

struct Rows {
  std::vector<Tag> tags;
  Bytes sealed;  // one row after the other
  std::size_t row_bytes;

  ByteView row(std::size_t i) const { return ByteView(sealed).subspan(i * row_bytes, row_bytes); }
};

Rows make_rows(std::size_t count, std::uint16_t label_bytes) {
  DeterministicRandom random(1);
  Rows rows{
      .tags = {}, .sealed = Bytes(count * sealed_bytes(label_bytes)), .row_bytes = sealed_bytes(label_bytes)};
  rows.tags.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    rows.tags.emplace_back(tag_of(random.bytes(kTagBytes)));
  }
  random.fill(rows.sealed);
  return rows;
}

Bytes build(const Rows& rows, std::uint16_t label_bytes) {
  Builder builder(SuiteId::kRistretto255Sha512, EpochId(), Edition(1), label_bytes, "");
  builder.reserve(rows.tags.size());
  for (std::size_t i = 0; i < rows.tags.size(); ++i) {
    builder.add(rows.tags[i], rows.row(i));
  }
  return std::move(builder).finish().value();
}

// Half of them stand in the directory.
std::vector<Tag> own_tags(const Rows& rows) {
  DeterministicRandom random(2);
  std::vector<Tag> own;
  for (std::size_t i = 0; i < kContacts; ++i) {
    own.push_back(i % 2 == 0 ? rows.tags[random.below(rows.tags.size())] : tag_of(random.bytes(kTagBytes)));
  }
  return own;
}

void count_entries(benchmark::State& state, std::size_t entries) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(entries));
}

void directory_build(benchmark::State& state) {
  const auto entries = static_cast<std::size_t>(state.range(0));
  const auto label_bytes = static_cast<std::uint16_t>(state.range(1));
  const Rows rows = make_rows(entries, label_bytes);
  Bytes file;
  for (auto _ : state) {
    file = build(rows, label_bytes);
    benchmark::DoNotOptimize(file.data());
  }
  count_entries(state, entries);
  const Header header = parse_header(file).value();
  const double bits =
      8.0 * static_cast<double>(layout_of(header, file.size())->body_bytes) / static_cast<double>(entries);
  state.counters["file_MB"] = static_cast<double>(file.size()) / 1e6;
  state.counters["bits"] = bits;
  state.counters["above_log"] = bits - (kTagBits - std::log2(static_cast<double>(entries)));
}

void directory_stream_read(benchmark::State& state) {
  const auto entries = static_cast<std::size_t>(state.range(0));
  const auto label_bytes = static_cast<std::uint16_t>(state.range(1));
  const Rows rows = make_rows(entries, label_bytes);
  const Bytes file = build(rows, label_bytes);
  const Root root = root_of(file);
  const std::vector<Tag> own = own_tags(rows);
  const ExpectedHeader expected{.suite = SuiteId::kRistretto255Sha512,
                                .epoch = EpochId(),
                                .edition = Edition(1),
                                .entries = entries,
                                .label_bytes = label_bytes,
                                .label_template = "",
                                .file_size = file.size()};
  constexpr std::size_t kChunk = 65'536;
  for (auto _ : state) {
    StreamReader reader(expected, own);
    for (std::size_t at = 0; at < file.size(); at += kChunk) {
      if (!reader.feed(ByteView(file).subspan(at, std::min(kChunk, file.size() - at)))) {
        state.SkipWithError("the reader refused the directory");
        return;
      }
    }
    const auto matches = std::move(*std::move(reader).finish()).verify(root);
    if (!matches || matches->matches.size() < kContacts / 2) {
      state.SkipWithError("matches are missing");
      return;
    }
  }
  count_entries(state, entries);
}

void directory_decode(benchmark::State& state) {
  const auto entries = static_cast<std::size_t>(state.range(0));
  const Bytes file = build(make_rows(entries, 0), 0);
  const ByteView body = ByteView(file).subspan(header_bytes(0));
  const unsigned rice = parse_header(file)->rice;
  for (auto _ : state) {
    TagDecoder decoder(rice);
    decoder.feed(body);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < entries && decoder.next() == TagDecoder::Step::kTag; ++i) {
      sum += decoder.tag();
    }
    benchmark::DoNotOptimize(sum);
  }
  count_entries(state, entries);
}

void directory_index_open(benchmark::State& state) {
  const auto entries = static_cast<std::size_t>(state.range(0));
  const Bytes file = build(make_rows(entries, 0), 0);
  const Root root = root_of(file);
  for (auto _ : state) {
    auto index = PageIndex::open(ByteView(file), root);
    benchmark::DoNotOptimize(index);
  }
  count_entries(state, entries);
}

void directory_index_find(benchmark::State& state) {
  const auto entries = static_cast<std::size_t>(state.range(0));
  const Rows rows = make_rows(entries, 0);
  const Bytes file = build(rows, 0);
  const PageIndex index = PageIndex::open(ByteView(file), root_of(file)).value();
  const std::vector<Tag> own = own_tags(rows);
  std::uint64_t found = 0;
  std::size_t i = 0;
  for (auto _ : state) {
    found += index.find(own[i++ % own.size()]).count;
  }
  benchmark::DoNotOptimize(found);
  count_entries(state, 1);
}

BENCHMARK(directory_build)
    ->Args({1'000'000, 0})
    ->Args({1'000'000, kLabelBytes})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(directory_stream_read)
    ->Args({1'000'000, 0})
    ->Args({1'000'000, kLabelBytes})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(directory_decode)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(directory_index_open)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(directory_index_find)->Arg(1'000'000);

}  // namespace
