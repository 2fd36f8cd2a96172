#include "tests/bench/attack/attack.h"

#include <algorithm>
#include <set>
#include <span>
#include <stdexcept>
#include <unordered_set>
#include <utility>

#include "blindbook/model/sweep.h"
#include "blindbook/protocol/codec.h"
#include "blindbook/protocol/run_plan.h"

#include "tests/bench/attack/dictionary.h"
#include "tests/bench/attack/number_range.h"
#include "tests/bench/baselines/blindbook.h"
#include "tests/bench/baselines/recorded_run.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::bench {
namespace {

using test_support::DeterministicRandom;

/// Books of these sizes, from the emptiest to the largest that one batch of 1024 holds, on both sides of each step.
constexpr std::size_t kBookSizes[] = {0, 1, 64, 65, 256, 257, 700, 1024};

constexpr std::uint64_t kBetweenPauses = 4096;

const Protocol& protocol_named(std::string_view name) {
  const Protocol* const found = find_protocol(name);
  if (found == nullptr) {
    throw std::runtime_error("no protocol of the name " + std::string(name));
  }
  return *found;
}

/// `count` different numbers of the range, in the order drawn.
std::vector<std::string> random_contacts(const NumberRange& range, std::size_t count,
                                         DeterministicRandom& random) {
  if (count > range.size()) {
    throw std::invalid_argument("more contacts than numbers to try");
  }
  std::vector<std::string> out;
  std::unordered_set<std::uint64_t> drawn;
  while (out.size() < count) {
    const std::uint64_t index = random.below(range.size());
    if (drawn.insert(index).second) {
      out.push_back(range.at(index));
    }
  }
  return out;
}

std::size_t count_in(const std::vector<std::string>& some, const std::vector<std::string>& all) {
  const std::unordered_set<std::string> set(all.begin(), all.end());
  return static_cast<std::size_t>(
      std::count_if(some.begin(), some.end(), [&](const std::string& one) { return set.count(one) != 0; }));
}

std::vector<CountryTime> country_times(double numbers_per_second) {
  std::vector<CountryTime> out;
  for (const model::NumberSpace& space : model::number_spaces()) {
    out.push_back({.country = std::string(space.country),
                   .basis = std::string(space.basis),
                   .numbers = space.numbers,
                   .minutes = static_cast<double>(space.numbers) / numbers_per_second / 60});
  }
  return out;
}

/// `guess`, with `pause` called between some numbers.
Guess pausing(Guess guess, const std::function<void()>& pause) {
  if (!pause) {
    return guess;
  }
  return [guess = std::move(guess), pause, tried = std::uint64_t{0}](std::string_view identifier,
                                                                     const Tell& tell) mutable {
    if (++tried % kBetweenPauses == 0) {
      pause();
    }
    guess(identifier, tell);
  };
}

/// A client uploads hashes; the service, or whoever reads its memory, tries the numbers.
HashAttack attack_hashes(std::string_view name, const AttackOptions& options) {
  const Protocol& protocol = protocol_named(name);
  const NumberRange range(options.numbers);
  DeterministicRandom random(options.seed);
  const std::vector<std::string> contacts = random_contacts(range, options.contacts, random);
  SystemRandom system;
  const std::unique_ptr<Service> service =
      protocol.make_service(std::span(contacts).first(contacts.size() / 4), system);
  const Transcript transcript = run_recorded(protocol, *service, contacts, random).transcript;

  const Guess guess = name == "sha256" ? sha256_guess() : matrix_guess(transcript.from_client);
  const DictionaryResult found = try_numbers(transcript.from_client, range, pausing(guess, options.pause));
  HashAttack out;
  out.protocol = name;
  out.contacts = contacts.size();
  out.recovered = count_in(contacts, found.recovered);
  out.wrong = found.recovered.size() - out.recovered;
  out.tried = found.tried;
  out.cpu_seconds = found.cpu_seconds;
  out.numbers_per_second = found.numbers_per_second();
  out.countries = country_times(out.numbers_per_second);
  return out;
}

std::size_t bytes_of_all(const std::vector<Bytes>& messages) {
  std::size_t out = 0;
  for (const Bytes& message : messages) {
    out += message.size();
  }
  return out;
}

/// The blinded elements of a run: the last message of the client, without its header.
ByteView elements_in(const Transcript& transcript) {
  return ByteView(transcript.from_client.back()).subspan(protocol::kRequestHeaderBytes);
}

/// How many runs of eight bytes come twice or more.
std::size_t repeated_windows(const std::vector<Transcript>& transcripts) {
  std::vector<std::uint64_t> windows;
  for (const Transcript& transcript : transcripts) {
    const ByteView elements = elements_in(transcript);
    for (std::size_t at = 0; at + 8 <= elements.size(); ++at) {
      windows.push_back(ByteReader(elements.subspan(at)).u64());
    }
  }
  std::sort(windows.begin(), windows.end());
  const auto last = std::unique(windows.begin(), windows.end());
  return static_cast<std::size_t>(windows.end() - last);
}

BlindAttack attack_blindbook(const AttackOptions& options) {
  const std::vector<Protocol> ours = blindbook_protocols();
  const Protocol& protocol = ours.front();
  const NumberRange range(options.group_numbers);
  DeterministicRandom random(options.seed);
  // Every book is the beginning of one list, and each is asked for twice: what repeats in the books could repeat on the
  // wire.
  const std::vector<std::string> contacts =
      random_contacts(range, kBookSizes[std::size(kBookSizes) - 1], random);
  SystemRandom system;
  const std::unique_ptr<Service> service =
      protocol.make_service(std::span(contacts).first(contacts.size() / 4), system);

  BlindAttack out;
  out.protocol = protocol.name;
  out.toy = compare_all_books(blind_additively_in_toy_group);
  std::vector<Transcript> transcripts;
  std::vector<Bytes> from_clients;
  std::set<std::array<std::size_t, 3>> lengths;
  std::set<std::uint32_t> batches;
  for (const std::size_t size : kBookSizes) {
    for (int time = 0; time < 2; ++time) {
      transcripts.push_back(
          run_recorded(protocol, *service, std::span(contacts).first(size), system).transcript);
      const Transcript& transcript = transcripts.back();
      out.runs.push_back({.contacts = size,
                          .batch = protocol::plan_run(protocol::RunKind::kFirstInEpoch, size).batches.front(),
                          .from_client = bytes_of_all(transcript.from_client),
                          .from_service = bytes_of_all(transcript.from_service)});
      const RunSize& run = out.runs.back();
      batches.insert(run.batch);
      lengths.insert({run.batch, run.from_client, run.from_service});
      from_clients.insert(from_clients.end(), transcript.from_client.begin(), transcript.from_client.end());
    }
  }
  out.lengths_depend_on_batch_only = lengths.size() == batches.size();
  out.repeated_windows = repeated_windows(transcripts);
  const DictionaryResult found = try_numbers(from_clients, range, pausing(every_guess(), options.pause));
  out.contacts = contacts.size();
  out.recovered = count_in(contacts, found.recovered);
  out.tried = found.tried;
  return out;
}

}  // namespace

AttackReport run_attack(const AttackOptions& options) {
  return {.hashes = {attack_hashes("sha256", options), attack_hashes("sha256-peppered", options)},
          .blindbook = attack_blindbook(options)};
}

}  // namespace blindbook::bench
