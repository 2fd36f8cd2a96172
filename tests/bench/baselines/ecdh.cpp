#include "tests/bench/baselines/ecdh.h"

#include <algorithm>
#include <bit>

#include "blindbook/directory/tag.h"

#include "tests/bench/baselines/bloom_filter.h"
#include "tests/bench/baselines/elements.h"
#include "tests/bench/baselines/p256.h"
#include "tests/bench/baselines/tag_set.h"

namespace blindbook::bench {
namespace {

constexpr std::size_t kPointBytes = P256Cipher::kPointBytes;

/// Points one after the other, as they are sent.
class Points {
 public:
  explicit Points(std::size_t count) : bytes_(count * kPointBytes) {}
  explicit Points(Bytes bytes) : bytes_(std::move(bytes)) {
    static_cast<void>(elements_of(bytes_, kPointBytes));
  }

  [[nodiscard]] std::size_t count() const noexcept { return bytes_.size() / kPointBytes; }
  [[nodiscard]] MutableBytes at(std::size_t i) {
    return MutableBytes(bytes_).subspan(i * kPointBytes, kPointBytes);
  }
  [[nodiscard]] ByteView at(std::size_t i) const {
    return ByteView(bytes_).subspan(i * kPointBytes, kPointBytes);
  }
  [[nodiscard]] const Bytes& bytes() const noexcept { return bytes_; }

 private:
  Bytes bytes_;
};

bool is_less(ByteView a, ByteView b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

struct RawSet {
  static Bytes encode(const Points& set) {
    std::vector<ByteView> sorted = elements_of(set.bytes(), kPointBytes);
    std::sort(sorted.begin(), sorted.end(), is_less);
    ByteWriter out;
    out.reserve(set.bytes().size());
    for (const ByteView point : sorted) {
      out.raw(point);
    }
    return std::move(out).take();
  }

  static std::vector<std::size_t> look_up(ByteView published, const Points& own) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < own.count(); ++i) {
      if (contains(published, own.at(i))) {
        found.push_back(i);
      }
    }
    return found;
  }

 private:
  static bool contains(ByteView sorted, ByteView point) {
    std::size_t first = 0;
    std::size_t last = sorted.size() / kPointBytes;
    while (first < last) {
      const std::size_t middle = first + (last - first) / 2;
      if (is_less(sorted.subspan(middle * kPointBytes, kPointBytes), point)) {
        first = middle + 1;
      } else {
        last = middle;
      }
    }
    const ByteView there = sorted.subspan(std::min(first * kPointBytes, sorted.size()));
    return there.size() >= kPointBytes && std::equal(point.begin(), point.end(), there.begin());
  }
};

struct BloomSet {
  static Bytes encode(const Points& set) {
    // 2^-rate <= N / 2^56
    const auto rate = directory::kTagBits - static_cast<unsigned>(std::bit_width(set.count() | 1)) + 1;
    BloomFilter filter(set.count(), rate);
    for (std::size_t i = 0; i < set.count(); ++i) {
      filter.insert(set.at(i));
    }
    return filter.encoded();
  }

  static std::vector<std::size_t> look_up(ByteView published, const Points& own) {
    const BloomFilter filter(published);
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < own.count(); ++i) {
      if (filter.contains(own.at(i))) {
        found.push_back(i);
      }
    }
    return found;
  }
};

struct GolombSet {
  static std::vector<std::uint64_t> tags_of(const Points& points) {
    std::vector<std::uint64_t> tags(points.count());
    for (std::size_t i = 0; i < tags.size(); ++i) {
      tags[i] = tag_of(points.at(i));
    }
    return tags;
  }

  static Bytes encode(const Points& set) { return encode_tags(tags_of(set)); }

  static std::vector<std::size_t> look_up(ByteView published, const Points& own) {
    return positions_in(published, tags_of(own));
  }
};

template <class Set>
class EcdhService final : public Service {
 public:
  EcdhService(std::span<const std::string> subscribers, RandomSource& random) : cipher_(random) {
    Points set(subscribers.size());
    for (std::size_t i = 0; i < subscribers.size(); ++i) {
      cipher_.encrypt(bytes_of(subscribers[i]), set.at(i));
    }
    published_ = Set::encode(set);
  }

  [[nodiscard]] ByteView published() const override { return published_; }

  void answer(Channel& client) override {
    Points points(client.receive());
    for (std::size_t i = 0; i < points.count(); ++i) {
      cipher_.reencrypt(points.at(i), points.at(i));
    }
    client.send(points.bytes());
  }

 private:
  P256Cipher cipher_;
  Bytes published_;
};

template <class Set>
class EcdhClient final : public Client {
 public:
  EcdhClient(std::span<const std::string> contacts, RandomSource& random)
      : contacts_(contacts), cipher_(random), points_(contacts.size()) {}

  void ask(Channel& service) override {
    for (std::size_t i = 0; i < contacts_.size(); ++i) {
      cipher_.encrypt(bytes_of(contacts_[i]), points_.at(i));
    }
    service.send(points_.bytes());
    const Bytes answer = service.receive();
    const std::vector<ByteView> evaluated = elements_of(answer, kPointBytes, contacts_.size());
    for (std::size_t i = 0; i < contacts_.size(); ++i) {
      cipher_.decrypt(evaluated[i], points_.at(i));
    }
  }

  [[nodiscard]] std::vector<std::size_t> match(ByteView published) override {
    return Set::look_up(published, points_);
  }

 private:
  std::span<const std::string> contacts_;
  P256Cipher cipher_;
  Points points_;
};

template <class Set>
Protocol ecdh(std::string_view name, std::string_view title, std::string_view note) {
  return {
      .name = name,
      .title = title,
      .source =
          "OpenMined, PSI: Private Set Intersection protocol based on ECDH, Bloom Filters, and Golomb "
          "Compressed "
          "Sets (github.com/OpenMined/PSI); Meadows 1986; Huberman, Franklin, Hogg 1999",
      .hides_contacts = true,
      .hides_subscribers = true,
      .service_learns = "how many contacts there are",
      .client_learns = "which contacts subscribe, and how many subscribers there are",
      .note = note,
      .service_memory = [](std::size_t subscribers, std::size_t contacts) -> std::uint64_t {
        return (std::uint64_t{2} << 20) + 2 * (kPointBytes + 16) * std::uint64_t{subscribers} +
               256 * std::uint64_t{contacts};
      },
      .client_memory = [](std::size_t subscribers, std::size_t contacts) -> std::uint64_t {
        // What is published is the caller's; raw points are pointed at, a Bloom filter is copied.
        return (std::uint64_t{2} << 20) + 16 * std::uint64_t{subscribers} + 512 * std::uint64_t{contacts};
      },
      .make_service = [](std::span<const std::string> subscribers, RandomSource& random)
          -> std::unique_ptr<Service> { return std::make_unique<EcdhService<Set>>(subscribers, random); },
      .make_client = [](std::span<const std::string> contacts, RandomSource& random)
          -> std::unique_ptr<Client> { return std::make_unique<EcdhClient<Set>>(contacts, random); },
  };
}

}  // namespace

std::vector<Protocol> ecdh_protocols() {
  return {ecdh<RawSet>(
              "ecdh-raw", "ECDH-PSI on P-256, raw set",
              "contacts are hidden as long as Diffie-Hellman on P-256 is hard, not perfectly; nothing proves "
              "that "
              "the service used one key; compressed points, all published: no false positives; no padding"),
          ecdh<BloomSet>(
              "ecdh-bloom", "ECDH-PSI on P-256, Bloom filter",
              "contacts are hidden as long as Diffie-Hellman on P-256 is hard, not perfectly; nothing proves "
              "that the service used one key; at most N / 2^56 false positives, as blindbook; no padding"),
          ecdh<GolombSet>(
              "ecdh-golomb", "ECDH-PSI on P-256, Golomb set",
              "contacts are hidden as long as Diffie-Hellman on P-256 is hard, not perfectly; nothing proves "
              "that the service used one key; N / 2^56 false positives, coded as in blindbook; no padding")};
}

}  // namespace blindbook::bench
