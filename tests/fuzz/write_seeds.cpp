// Writes the seeds that no person can write, because they hold keys, hashes or signatures, into
// FOLDER/<target>/. They stand in corpus/; a test compares. After a change of a format: fuzz_write_seeds
// tests/fuzz/corpus.
//
// usage: fuzz_write_seeds FOLDER
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "blindbook/base/domains.h"
#include "blindbook/protocol/aead.h"
#include "blindbook/protocol/resolve.h"
#include "blindbook/protocol/state.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/config.h"
#include "blindbook/service/erased_list.h"
#include "blindbook/service/label_store.h"
#include "blindbook/service/publish_cache.h"

#include "tests/fuzz/evaluate_world.h"

namespace blindbook::fuzz {
namespace {

using namespace protocol;
using test_support::berlin;
using test_support::InMemoryOperator;
using test_support::kNow;

class Corpus {
 public:
  explicit Corpus(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void add(const std::string& target, const std::string& name, ByteView seed) {
    std::filesystem::create_directories(folder_ / target);
    std::ofstream file(folder_ / target / ("made-" + name), std::ios::binary);
    file << text_of(seed);
    file.flush();
    if (!file) {
      throw std::runtime_error("cannot write a seed of " + target);
    }
  }

 private:
  std::filesystem::path folder_;
};

/// Not the whole truth: the targets hold that nothing opens but what they seal or sign themselves.
Bytes altered(Bytes whole) {
  whole.back() ^= 1;
  return whole;
}

ByteView json_in(ByteView object) {
  return object.subspan(magic::kAnnouncement.size() + Ed25519Signature::kSize);
}

/// Those of the operator in announcement.cpp, which knows its first publication.
void add_announcements(Corpus& corpus) {
  InMemoryOperator city;
  city.publish({{berlin(1), "@anna:city.example"}});
  const Bytes first = city.announce();
  corpus.add("announcement", "whole", first);
  corpus.add("announcement", "first", json_in(first));
  city.publish_with({{berlin(1), ""}, {berlin(2), ""}}, LabelMode::kNone);
  corpus.add("announcement", "next", json_in(city.announce()));
  city.epoch_to_announce().patches = {{Edition(1), 100, Digest()}};
  city.epoch_to_announce().edition = Edition(3);
  corpus.add("announcement", "gap", json_in((static_cast<void>(city.announce()), city.announce())));
  city.next().seq = 0;
  corpus.add("announcement", "fork", json_in(city.announce()));
}

void add_certificates(Corpus& corpus) {
  test_support::DeterministicRandom random(1);
  const auto root = Ed25519SecretKey::generate(random);
  const Bytes whole = issue_certificate({.serial = 3,
                                         .key = root.public_key(),
                                         .not_before = kNow,
                                         .not_after = UnixTime(kNow.value() + kDay)},
                                        root)
                          .value();
  corpus.add("certificate", "altered", altered(whole));
  corpus.add("certificate", "unsigned", ByteView(whole).first(whole.size() - Ed25519Signature::kSize));
}

void add_evaluations(Corpus& corpus) {
  EvaluateWorld world;
  corpus.add("evaluate_request", "request", world.request);
  Bytes identity = world.request;
  std::fill_n(identity.begin() + kRequestHeaderBytes, 32, std::uint8_t{0});
  corpus.add("evaluate_request", "identity", identity);
  corpus.add("evaluate_answer", "answer", world.answer);
  Bytes another = world.answer;
  std::swap_ranges(another.begin() + kAnswerHeaderBytes, another.begin() + kAnswerHeaderBytes + 32,
                   another.begin() + kAnswerHeaderBytes + 32);
  corpus.add("evaluate_answer", "exchanged", another);

  ByteWriter context;
  context.raw(domain::kPending).raw(magic::kPending).u8(1);
  const SecretBytes content =
      aead_open(world.key, context.view(), ByteView(world.pending).subspan(magic::kPending.size() + 1))
          .value();
  corpus.add("pending", "content", content.expose());
  corpus.add("pending", "altered", altered(world.pending));
}

void add_states(Corpus& corpus) {
  EvaluateWorld world;
  ClientState state;
  state.root = fingerprint_of(world.city.root_key());
  state.history = {.seq = 7,
                   .head = Head(),
                   .highest_serial = 3,
                   .object = {1, 2, 3},
                   .editions = {{world.city.epoch().id, Edition(4), Root(), kNow}}};
  EpochMemory& epoch = state.remember(world.city.epoch().id, kNow);
  epoch.begun = true;
  epoch.leave_at = UnixTime(99);
  epoch.edition = Edition(4);
  epoch.pending = {9, 9, 9};
  epoch.outputs.put(berlin(1), world.city.evaluate(berlin(1)));
  epoch.outputs.put(berlin(2), world.city.evaluate(berlin(2)));
  state.remember(EpochId(), UnixTime(5));
  const Bytes whole = seal_state(state, world.key, world.city.random());
  corpus.add("state", "altered", altered(whole));
  ByteWriter context;
  context.raw(domain::kState).raw(magic::kState).u8(1);
  const SecretBytes content =
      aead_open(world.key, context.view(), ByteView(whole).subspan(magic::kState.size() + 1)).value();
  corpus.add("state", "content", content.expose());
}

void add_key_files(Corpus& corpus) {
  using namespace service;
  test_support::DeterministicRandom random(1);
  const Bytes secret = random.bytes(32);
  corpus.add("key_file", "unsealed", protocol::unsealed_key_file(protocol::KeyKind::kToken, secret).expose());
  corpus.add("key_file", "altered",
             altered(protocol::seal_key_file(protocol::KeyKind::kAnnouncement, "announcement", secret, {},
                                             protocol::ScryptSalt(), {}, {}, random)));
}

void add_configs(Corpus& corpus) {
  using namespace service;
  InMemoryOperator city;
  Config config{
      .operator_name = "Stadt Beispiel", .root = city.root_key(), .certificate = city.next().certificate};
  config.slot_folder = "slot";
  corpus.add("config", "plain", bytes_of(write_config(config)));
  config.public_url = "https://book.city.example";
  config.key_protection = protocol::KeyProtection::kNone;
  config.issuers = {{.name = "blindbook", .kid = "one", .key = city.root_key()},
                    {.name = "messenger", .kid = "two", .key = city.announcer().public_key()}};
  corpus.add("config", "issuers", bytes_of(write_config(config)));
}

void add_resolutions(Corpus& corpus) {
  EvaluateWorld world;
  const protocol::ResolveRequest request{
      .suite = world.city.epoch().suite(), .epoch = world.city.epoch().id, .handle = {1, 2, 3}};
  corpus.add("resolve", "request", encode_resolve_request(request));
  corpus.add("resolve", "answer",
             encode_resolve_answer(digest_of_resolve({}), Bytes(directory::sealed_bytes(32), 7)));
}

template <std::size_t N>
std::array<std::uint8_t, N> drawn(RandomSource& random) {
  std::array<std::uint8_t, N> out;
  random.fill(out);
  return out;
}

void must(const Result<void>& done) {
  if (!done) {
    throw std::runtime_error(done.error().message);
  }
}

/// What `write` writes to the path that it is given.
template <class Write>
Bytes written_by(const std::filesystem::path& folder, const Write& write) {
  const std::filesystem::path path = folder / "seed.part";
  write(path);
  Bytes out = service::read_file(path, std::size_t{1} << 20).value();
  std::filesystem::remove(path);
  return out;
}

void add_operator_files(Corpus& corpus, const std::filesystem::path& folder) {
  using namespace service;
  test_support::DeterministicRandom random(1);
  const EpochId epoch(drawn<EpochId::kSize>(random));
  // Not of the key that the targets know: the file as it stands must not open.
  Secret<32> key;
  random.fill(key.expose_mutable());
  const PublishIndex index(key);

  ErasedList erased(epoch);
  erased.add(index.identifier(bytes_of("tel:+4930000001")));
  erased.add(index.identifier(bytes_of("tel:+4930000002")));
  corpus.add("erased_list", "two",
             written_by(folder, [&](const auto& path) { must(erased.save(path, index)); }));

  for (const bool handles : {false, true}) {
    PublishCacheHeader header{.suite = SuiteId::kRistretto255Sha512, .epoch = epoch, .handles = handles};
    header.label_bytes = handles ? 0 : 32;
    std::vector<PublishCacheEntry> fresh(3);
    for (PublishCacheEntry& entry : fresh) {
      entry.row = RowHash(drawn<16>(random));
      entry.tag = random.below(1000);
    }
    corpus.add("publish_cache", handles ? "handles" : "labels", written_by(folder, [&](const auto& path) {
                 const PublishCacheContent content{.before = {}, .kept = {}, .fresh = &fresh};
                 must(write_publish_cache(path, index, header, content));
               }));
  }
}

void add_label_stores(Corpus& corpus, const std::filesystem::path& folder) {
  using namespace service;
  test_support::DeterministicRandom random(1);
  protocol::AnnouncedEpoch epoch = EvaluateWorld().city.epoch();
  epoch.label_mode = protocol::LabelMode::kResolve;
  epoch.label_bytes = 8;
  LabelStoreBuilder builder(epoch.label_bytes);
  for (int i = 0; i < 5; ++i) {
    const auto handle = drawn<16>(random);
    builder.add(handle, random.bytes(directory::sealed_bytes(epoch.label_bytes)));
  }
  must(builder.write(folder / "labels.part", epoch, nullptr, random));
  corpus.add(
      "label_store", "five",
      read_file(label_store_path(folder / "labels.part", epoch.id, epoch.edition), std::size_t{1} << 20)
          .value());
  std::filesystem::remove_all(folder / "labels.part");
}

void write_seeds(const std::filesystem::path& folder) {
  Corpus corpus(folder);
  add_announcements(corpus);
  add_certificates(corpus);
  add_evaluations(corpus);
  add_states(corpus);
  add_key_files(corpus);
  add_configs(corpus);
  add_resolutions(corpus);
  add_operator_files(corpus, folder);
  add_label_stores(corpus, folder);
}

}  // namespace
}  // namespace blindbook::fuzz

int main(int count, char** words) try {
  if (count != 2) {
    std::fprintf(stderr, "usage: fuzz_write_seeds FOLDER\n");
    return 2;
  }
  blindbook::fuzz::write_seeds(words[1]);
  return EXIT_SUCCESS;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return EXIT_FAILURE;
}
