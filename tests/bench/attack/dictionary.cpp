#include "tests/bench/attack/dictionary.h"

#include <algorithm>
#include <ctime>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "blindbook/group/ristretto255.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/oprf/context.h"

#include "tests/bench/baselines/matrix_lookup.h"

namespace blindbook::bench {
namespace {

constexpr std::size_t kWindowBytes = 8;
constexpr unsigned kSeenBits = 22;

std::uint64_t window_of(ByteView bytes) {
  return ByteReader(bytes).u64();
}

std::size_t seen_at(std::uint64_t window) {
  return window & ((std::size_t{1} << kSeenBits) - 1);
}

double thread_cpu_seconds() {
  std::timespec now{};
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) {
    throw std::runtime_error("the system tells no CPU time");
  }
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

MessageIndex::MessageIndex(std::span<const Bytes> messages) : seen_(std::size_t{1} << kSeenBits) {
  for (const Bytes& message : messages) {
    for (std::size_t at = 0; at + kWindowBytes <= message.size(); ++at) {
      const ByteView from = ByteView(message).subspan(at);
      places_.push_back({.window = window_of(from), .from = from});
      seen_[seen_at(places_.back().window)] = true;
    }
  }
  std::sort(places_.begin(), places_.end(),
            [](const Place& a, const Place& b) { return a.window < b.window; });
}

bool MessageIndex::contains(ByteView bytes) const {
  if (bytes.size() < kWindowBytes) {
    return false;
  }
  const std::uint64_t window = window_of(bytes);
  if (!seen_[seen_at(window)]) {
    return false;
  }
  auto place = std::lower_bound(places_.begin(), places_.end(), window,
                                [](const Place& a, std::uint64_t wanted) { return a.window < wanted; });
  for (; place != places_.end() && place->window == window; ++place) {
    if (place->from.size() >= bytes.size() && std::equal(bytes.begin(), bytes.end(), place->from.begin())) {
      return true;
    }
  }
  return false;
}

Guess sha256_guess() {
  return [](std::string_view identifier, const Tell& tell) { tell(hash::sha256({bytes_of(identifier)})); };
}

Guess matrix_guess(std::span<const Bytes> from_client) {
  for (const Bytes& message : from_client) {
    const auto request = nlohmann::json::parse(message, nullptr, false);
    if (request.is_object() && request.contains("pepper")) {
      return [pepper = request["pepper"].get<std::string>()](std::string_view identifier, const Tell& tell) {
        tell(bytes_of(lookup_hash(msisdn_of(identifier), "msisdn", pepper)));
      };
    }
  }
  throw std::runtime_error("no pepper was sent");
}

Guess every_guess() {
  using group::Ristretto255;
  const oprf::Context context(oprf::Mode::kVoprf, "ristretto255-SHA512");
  return [context](std::string_view identifier, const Tell& tell) {
    tell(bytes_of(identifier));
    tell(bytes_of(msisdn_of(identifier)));
    tell(hash::sha256({bytes_of(identifier)}));
    tell(hash::sha256({bytes_of(msisdn_of(identifier))}));
    tell(bytes_of(lookup_hash(msisdn_of(identifier), "msisdn", "")));
    tell(Ristretto255::encode(Ristretto255::hash_to_group(bytes_of(identifier), context.hash_to_group_dst()))
             .view());
  };
}

DictionaryResult try_numbers(std::span<const Bytes> from_client, const NumberRange& range,
                             const Guess& guess) {
  const double start = thread_cpu_seconds();
  const MessageIndex index(from_client);
  DictionaryResult result;
  bool was_sent = false;
  const Tell tell = [&](ByteView bytes) { was_sent = was_sent || index.contains(bytes); };
  range.for_each([&](std::string_view identifier) {
    was_sent = false;
    guess(identifier, tell);
    if (was_sent) {
      result.recovered.emplace_back(identifier);
    }
  });
  result.tried = range.size();
  result.cpu_seconds = thread_cpu_seconds() - start;
  return result;
}

}  // namespace blindbook::bench
