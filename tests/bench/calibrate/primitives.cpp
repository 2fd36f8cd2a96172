#include "tests/bench/calibrate/primitives.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "blindbook/directory/label_seal.h"
#include "blindbook/directory/patch_algebra.h"
#include "blindbook/directory/reader.h"
#include "blindbook/directory/tag.h"
#include "blindbook/oprf/suite.h"

#include "tests/bench/calibrate/samples.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::bench {
namespace {

using test_support::DeterministicRandom;

constexpr std::size_t kEntries = 200'000;
constexpr std::size_t kStar = 10;
constexpr std::size_t kOwnTags = 1'024;
constexpr std::uint16_t kLabelBytes = 24;

const oprf::Suite& suite() {
  return *oprf::find_suite(SuiteId::kRistretto255Sha512);
}

/// One exchange of a batch: what each side computes.
struct Exchange {
  double blind = 0;
  double evaluate = 0;
  double finalize = 0;
};

Exchange exchange_of(std::size_t count, const oprf::KeyPair& keys, RandomSource& random) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    texts.push_back("tel:+491710" + std::to_string(100'000 + i));
  }
  std::vector<ByteView> inputs;
  inputs.reserve(count);
  for (const std::string& text : texts) {
    inputs.push_back(bytes_of(text));
  }
  std::vector<oprf::BlindResult> blinded;
  std::vector<oprf::Evaluated> answer;
  Exchange out;
  out.blind = thread_seconds([&] { blinded.push_back(suite().blind(inputs, random, keys.public_key)); });
  out.evaluate = thread_seconds([&] {
    auto job = suite().decode_batch(blinded.front().elements, count).value();
    job->evaluate(keys.secret, 0, count);
    answer.push_back(std::move(*job).finish(keys.secret, keys.public_key, random).value());
  });
  out.finalize = thread_seconds([&] {
    auto verified =
        std::move(blinded.front().batch).verify(answer.front().elements, answer.front().proof).value();
    if (std::move(verified).finalize().size() != count) {
      throw std::runtime_error("outputs are missing");
    }
  });
  return out;
}

struct BatchSamples {
  Samples blind;
  Samples evaluate;
  Samples finalize;

  /// The mean of a few in a row, since a small batch is soon over.
  void add(std::size_t count, const oprf::KeyPair& keys, RandomSource& random) {
    const std::size_t times = 4 * BatchSeconds::kLarge / count;
    Exchange sum;
    for (std::size_t i = 0; i < times; ++i) {
      const Exchange one = exchange_of(count, keys, random);
      sum.blind += one.blind;
      sum.evaluate += one.evaluate;
      sum.finalize += one.finalize;
    }
    const double share = static_cast<double>(times);
    blind.add(sum.blind / share);
    evaluate.add(sum.evaluate / share);
    finalize.add(sum.finalize / share);
  }
};

double seal_seconds(RandomSource& random) {
  const directory::LabelSealer sealer(suite().id(), EpochId(), kLabelBytes);
  std::vector<Bytes> outputs;
  std::vector<directory::LabelToSeal> rows;
  outputs.reserve(BatchSeconds::kLarge);
  for (std::size_t i = 0; i < BatchSeconds::kLarge; ++i) {
    Bytes& output = outputs.emplace_back(suite().sizes().output);
    random.fill(output);
    rows.push_back({.prf_output = output, .label = "user123456"});
  }
  Bytes sealed(rows.size() * directory::sealed_bytes(kLabelBytes));
  return thread_seconds([&] {
           if (!sealer.seal_batch(rows, sealed)) {
             throw std::runtime_error("a label was refused");
           }
         }) /
         static_cast<double>(rows.size());
}

/// Editions of a directory without labels, half a percent joining and a tenth leaving from one to the next.
class Editions {
 public:
  Editions() {
    for (std::size_t i = 0; i < kEntries; ++i) {
      tags_.push_back(random_.below(directory::kMaxTag + 1));
    }
    std::sort(tags_.begin(), tags_.end());
    before_ = file();
    pass_day();
    for (std::size_t day = 1; day < kStar; ++day) {
      bring_patches_up();
      pass_day();
    }
    for (std::size_t i = 0; i < kOwnTags; ++i) {
      own_.emplace_back(i % 2 == 0 ? tags_[random_.below(tags_.size())]
                                   : random_.below(directory::kMaxTag + 1));
    }
  }

  [[nodiscard]] double read_entry() const {
    return thread_seconds([&] { read(after_); }) / kEntries;
  }

  [[nodiscard]] double patch_entry() const {
    const Bytes patch = directory::encode_patch(newest());
    return thread_seconds([&] {
             const Bytes made =
                 directory::apply_patch(before_, directory::parse_patch(patch).value()).value();
             if (made != after_) {
               throw std::runtime_error("a patch led astray");
             }
             read(made);
           }) /
           kEntries;
  }

  [[nodiscard]] double star_entry() const {
    return thread_seconds([&] {
             const directory::DecodedDirectory middle = directory::decode_directory(before_).value();
             const directory::Patch today =
                 directory::difference(middle, directory::decode_directory(after_).value()).value();
             std::size_t bytes = directory::encode_patch(today).size();
             for (const directory::Patch& patch : patches_) {
               bytes += directory::encode_patch(directory::compose(patch, middle, today).value()).size();
             }
             if (bytes == 0) {
               throw std::runtime_error("there is no patch");
             }
           }) /
           static_cast<double>(kEntries * (patches_.size() + 1));
  }

 private:
  Bytes file() {
    return directory::encode_directory({.suite = suite().id(),
                                        .epoch = {},
                                        .edition = Edition(++edition_),
                                        .rice = 0,
                                        .entries = 0,
                                        .label_bytes = 0,
                                        .label_template = {}},
                                       {tags_, {}, 0});
  }

  void pass_day() {
    if (!after_.empty()) {
      before_ = after_;
    }
    const std::size_t size = tags_.size();
    for (std::size_t i = 0; i < size / 1'000; ++i) {
      tags_[random_.below(tags_.size())] = directory::kMaxTag + 1;
    }
    std::erase(tags_, directory::kMaxTag + 1);
    for (std::size_t i = 0; i < size / 200; ++i) {
      tags_.push_back(random_.below(directory::kMaxTag + 1));
    }
    std::sort(tags_.begin(), tags_.end());
    after_ = file();
  }

  [[nodiscard]] directory::Patch newest() const {
    return directory::difference(directory::decode_directory(before_).value(),
                                 directory::decode_directory(after_).value())
        .value();
  }

  /// Makes all patches lead to the last edition, and one more.
  void bring_patches_up() {
    const directory::DecodedDirectory middle = directory::decode_directory(before_).value();
    const directory::Patch today = newest();
    for (directory::Patch& patch : patches_) {
      patch = directory::compose(patch, middle, today).value();
    }
    patches_.push_back(today);
  }

  void read(ByteView file) const {
    constexpr std::size_t kChunk = 65'536;
    const directory::Header header = directory::parse_header(file).value();
    directory::StreamReader reader({.suite = header.suite,
                                    .epoch = header.epoch,
                                    .edition = header.edition,
                                    .entries = header.entries,
                                    .label_bytes = 0,
                                    .label_template = "",
                                    .file_size = file.size()},
                                   own_);
    for (std::size_t at = 0; at < file.size(); at += kChunk) {
      if (!reader.feed(file.subspan(at, std::min(kChunk, file.size() - at)))) {
        throw std::runtime_error("the reader refused a directory");
      }
    }
    if (!std::move(reader).finish()) {
      throw std::runtime_error("the reader refused a directory");
    }
  }

  DeterministicRandom random_{1};
  std::uint32_t edition_ = 0;
  std::vector<std::uint64_t> tags_;
  Bytes before_;
  Bytes after_;
  std::vector<directory::Patch> patches_;  ///< to `before_`
  std::vector<Tag> own_;
};

}  // namespace

double BatchSeconds::batch() const {
  const double line = (static_cast<double>(kLarge) * small - static_cast<double>(kSmall) * large) /
                      static_cast<double>(kLarge - kSmall);
  return std::max(0.0, line);
}

double BatchSeconds::element() const {
  return (large - batch()) / static_cast<double>(kLarge);
}

Primitives measure_primitives(std::size_t rounds) {
  SystemRandom random;
  const oprf::KeyPair keys = suite().derive_key_pair(Secret<32>(), bytes_of("calibration")).value();
  const Editions editions;
  BatchSamples large;
  BatchSamples small;
  Samples seal;
  Samples read;
  Samples patch;
  Samples star;
  for (std::size_t round = 0; round <= rounds; ++round) {
    if (round == 1) {  // the first has warmed caches and clock
      large = {};
      small = {};
      seal = read = patch = star = {};
    }
    large.add(BatchSeconds::kLarge, keys, random);
    seal.add(seal_seconds(random));
    small.add(BatchSeconds::kSmall, keys, random);
    read.add(editions.read_entry());
    patch.add(editions.patch_entry());
    star.add(editions.star_entry());
  }
  return {.blind = {.large = large.blind.median(), .small = small.blind.median()},
          .finalize = {.large = large.finalize.median(), .small = small.finalize.median()},
          .evaluate = {.large = large.evaluate.median(), .small = small.evaluate.median()},
          .seal = seal.median(),
          .read_entry = read.median(),
          .patch_entry = patch.median(),
          .star_entry = star.median()};
}

}  // namespace blindbook::bench
