#include "tests/bench/baselines/prefix_buckets.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "blindbook/directory/tag.h"

#include "tests/bench/baselines/elements.h"
#include "tests/bench/baselines/tag_set.h"

namespace blindbook::bench {
namespace {

using directory::kTagBits;
using directory::kTagBytes;

constexpr std::string_view kHello = "prefix";
constexpr std::size_t kPrefixBytes = 4;
constexpr unsigned kMaxPrefixBits = 32;

std::uint32_t prefix_of(std::uint64_t tag, unsigned bits) {
  return static_cast<std::uint32_t>(tag >> (kTagBits - bits));
}

std::uint64_t read_tag(ByteReader& reader) {
  std::uint64_t tag = 0;
  for (const std::uint8_t byte : reader.array<kTagBytes>()) {
    tag = tag << 8 | byte;
  }
  return tag;
}

void write_tag(ByteWriter& writer, std::uint64_t tag) {
  for (std::size_t i = kTagBytes; i-- > 0;) {
    writer.u8(static_cast<std::uint8_t>(tag >> (8 * i)));
  }
}

std::vector<std::uint64_t> tags_of(std::span<const std::string> identifiers) {
  std::vector<std::uint64_t> tags;
  tags.reserve(identifiers.size());
  for (const std::string& identifier : identifiers) {
    tags.push_back(tag_of(bytes_of(identifier)));
  }
  return tags;
}

class BucketService final : public Service {
 public:
  explicit BucketService(std::span<const std::string> subscribers)
      : bits_(prefix_bits(subscribers.size())), tags_(tags_of(subscribers)) {
    std::sort(tags_.begin(), tags_.end());
  }

  [[nodiscard]] ByteView published() const override { return {}; }

  void answer(Channel& client) override {
    if (text_of(client.receive()) != kHello) {
      throw std::runtime_error("another request than for the length of the prefix");
    }
    client.send(ByteWriter().u8(static_cast<std::uint8_t>(bits_)).view());
    const Bytes request = client.receive();
    ByteWriter out;
    for (const ByteView encoded : elements_of(request, kPrefixBytes)) {
      const std::uint64_t prefix = ByteReader(encoded).u32();
      const auto first = std::lower_bound(tags_.begin(), tags_.end(), prefix << (kTagBits - bits_));
      const auto last = std::lower_bound(first, tags_.end(), (prefix + 1) << (kTagBits - bits_));
      out.u32(static_cast<std::uint32_t>(last - first));
      std::for_each(first, last, [&out](std::uint64_t tag) { write_tag(out, tag); });
    }
    client.send(out.view());
  }

 private:
  unsigned bits_;
  std::vector<std::uint64_t> tags_;  // sorted
};

class BucketClient final : public Client {
 public:
  explicit BucketClient(std::span<const std::string> contacts) : tags_(tags_of(contacts)) {}

  void ask(Channel& service) override {
    service.send(bytes_of(kHello));
    const Bytes length = service.receive();
    if (length.size() != 1 || length[0] > kMaxPrefixBits) {
      throw std::runtime_error("no length of a prefix");
    }
    std::vector<std::uint32_t> prefixes;
    for (const std::uint64_t tag : tags_) {
      prefixes.push_back(prefix_of(tag, length[0]));
    }
    std::sort(prefixes.begin(), prefixes.end());
    prefixes.erase(std::unique(prefixes.begin(), prefixes.end()), prefixes.end());
    ByteWriter request;
    for (const std::uint32_t prefix : prefixes) {
      request.u32(prefix);
    }
    service.send(request.view());

    const Bytes buckets = service.receive();
    ByteReader reader(buckets);
    for (std::size_t bucket = 0; bucket < prefixes.size(); ++bucket) {
      for (std::uint32_t left = reader.u32(); left > 0 && !reader.failed(); --left) {
        subscribed_.push_back(read_tag(reader));
      }
    }
    if (!reader.finished()) {
      throw std::runtime_error("buckets that end early or too late");
    }
  }

  [[nodiscard]] std::vector<std::size_t> match(ByteView /*published*/) override {
    std::sort(subscribed_.begin(), subscribed_.end());
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < tags_.size(); ++i) {
      if (std::binary_search(subscribed_.begin(), subscribed_.end(), tags_[i])) {
        found.push_back(i);
      }
    }
    return found;
  }

 private:
  std::vector<std::uint64_t> tags_;        // of the contacts
  std::vector<std::uint64_t> subscribed_;  // what came back
};

}  // namespace

unsigned prefix_bits(std::size_t subscribers) {
  const std::size_t buckets = subscribers / kBucketSubscribers;
  return buckets < 2 ? 0 : std::min(kMaxPrefixBits, static_cast<unsigned>(std::bit_width(buckets)) - 1);
}

std::vector<Protocol> bucket_protocols() {
  return {{
      .name = "prefix-buckets",
      .title = "Buckets by hash prefix (k-anonymity)",
      .source =
          "Li, Pal, Ali, Sullivan, Chatterjee, Ristenpart: Protocols for Checking Compromised Credentials, "
          "ACM CCS 2019; range queries of Have I Been Pwned",
      .hides_contacts = false,
      .hides_subscribers = false,
      .service_learns =
          "a prefix of every contact's hash: for a contact who subscribes one of about 64 subscribers, for "
          "any other one of as many numbers as share the prefix",
      .client_learns =
          "which contacts subscribe, and the hashes of all others in their buckets, which it can try out",
      .note = "a bucket holds 64 subscribers or more on average; prefixes go out once each and sorted, tags "
              "of 56 bits "
              "come back",
      .service_memory = [](std::size_t subscribers, std::size_t contacts) -> std::uint64_t {
        return (std::uint64_t{1} << 20) + 9 * std::uint64_t{subscribers} +
               4096 * std::uint64_t{std::min(contacts, subscribers)};
      },
      .client_memory = [](std::size_t subscribers, std::size_t contacts) -> std::uint64_t {
        return (std::uint64_t{1} << 20) + 128 * std::uint64_t{contacts} +
               8192 * std::uint64_t{std::min(contacts, subscribers)};
      },
      .make_service = [](std::span<const std::string> subscribers, RandomSource& /*random*/)
          -> std::unique_ptr<Service> { return std::make_unique<BucketService>(subscribers); },
      .make_client = [](std::span<const std::string> contacts, RandomSource& /*random*/)
          -> std::unique_ptr<Client> { return std::make_unique<BucketClient>(contacts); },
  }};
}

}  // namespace blindbook::bench
