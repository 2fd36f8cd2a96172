// Writes the seeds that no person can write, because they hold keys, hashes or signatures, into
// FOLDER/<target>/. They stand in corpus/; a test compares. After a change of a format: fuzz_write_seeds
// tests/fuzz/corpus.
//
// usage: fuzz_write_seeds FOLDER
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "blindbook/base/domains.h"
#include "blindbook/protocol/aead.h"
#include "blindbook/protocol/state.h"
#include "blindbook/service/config.h"

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

void write_seeds(const std::filesystem::path& folder) {
  Corpus corpus(folder);
  add_announcements(corpus);
  add_certificates(corpus);
  add_evaluations(corpus);
  add_states(corpus);
  add_key_files(corpus);
  add_configs(corpus);
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
