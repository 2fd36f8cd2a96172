#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "blindbook/base/identifier.h"
#include "blindbook/directory/builder.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/directory/root.h"
#include "blindbook/directory/tag.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/epoch.h"
#include "blindbook/protocol/resolve.h"
#include "blindbook/protocol/server.h"

#include "tests/support/deterministic_random.h"

namespace blindbook::test_support {

inline constexpr UnixTime kNow(1'800'000'000);

inline Identifier number(const std::string& e164) {
  return Identifier::from_e164(e164).value();
}

/// +49 30 23125 000-999, of the range kept for fiction by the Bundesnetzagentur.
inline Identifier berlin(int index) {
  std::string digits = std::to_string(1000 + index % 1000);
  return number("+493023125" + digits.substr(1));
}

/// A whole operator without a socket: keys, one epoch, directories, announcements and an evaluator.
class InMemoryOperator {
 public:
  explicit InMemoryOperator(std::uint64_t seed = 1, std::string name = "Stadt Beispiel")
      : random_(seed),
        name_(std::move(name)),
        root_(protocol::Ed25519SecretKey::generate(random_)),
        announcer_(protocol::Ed25519SecretKey::generate(random_)),
        keys_(protocol::make_epoch_key(suite(), name_, kNow, random_).value()) {
    epoch_.emplace(
        protocol::AnnouncedEpoch{.id = protocol::epoch_id(name_, keys_.public_key, not_before(), not_after()),
                                 .public_key = keys_.public_key,
                                 .not_before = not_before(),
                                 .not_after = not_after()});
    certify(1);
    next_.operator_name = name_;
    next_.next_publication = UnixTime(kNow.value() + protocol::kDay);
    std::vector<protocol::EpochKey> live;
    live.push_back(
        {epoch_->id, not_before(), not_after(), suite().decode_secret_key(keys_.secret.expose()).value()});
    evaluator_.emplace(std::move(live));
  }

  /// Moves on to an epoch with the same key and another end, so with another id.
  void begin_epoch_until(UnixTime end) {
    epoch_->not_after = end;
    epoch_->id = protocol::epoch_id(name_, keys_.public_key, not_before(), end);
    epoch_->edition = Edition(0);
    std::vector<protocol::EpochKey> live;
    live.push_back({epoch_->id, not_before(), end, suite().decode_secret_key(keys_.secret.expose()).value()});
    evaluator_.emplace(std::move(live));
  }

  static const oprf::Suite& suite() { return *oprf::find_suite(SuiteId::kRistretto255Sha512); }
  static UnixTime not_before() { return UnixTime(kNow.value() - protocol::kDay); }
  static UnixTime not_after() { return UnixTime(kNow.value() + protocol::kEpochLength); }

  void certify(std::uint64_t serial) {
    next_.certificate =
        protocol::issue_certificate({.serial = serial,
                                     .key = announcer_.public_key(),
                                     .not_before = not_before(),
                                     .not_after = UnixTime(kNow.value() + 300 * protocol::kDay)},
                                    root_)
            .value();
  }

  /// Publishes an edition with embedded labels of 24 bytes and the template "@{}:city.example".
  void publish(const std::vector<std::pair<Identifier, std::string>>& subscribers) {
    publish_with(subscribers, protocol::LabelMode::kEmbedded);
  }

  void publish_with(const std::vector<std::pair<Identifier, std::string>>& subscribers,
                    protocol::LabelMode mode) {
    const bool labelled = mode != protocol::LabelMode::kNone;
    const bool embedded = mode == protocol::LabelMode::kEmbedded;
    labels_.clear();
    epoch_->edition = Edition(epoch_->edition.value() + 1);
    epoch_->label_mode = mode;
    epoch_->label_bytes = labelled ? 24 : 0;
    epoch_->label_template = labelled ? "@{}:city.example" : "";
    directory::Builder builder(epoch_->suite(), epoch_->id, epoch_->edition, epoch_->column_label_bytes(),
                               epoch_->column_label_template());
    const directory::LabelSealer sealer(epoch_->suite(), epoch_->id, epoch_->label_bytes);
    for (const auto& [identifier, label] : subscribers) {
      const oprf::PrfOutput output = evaluate(identifier);
      Bytes sealed(labelled ? directory::sealed_bytes(24) : 0);
      if (labelled) {
        if (!sealer.seal(output.expose(), label, sealed)) {
          throw std::invalid_argument("a label that cannot be sealed");
        }
      }
      builder.add(directory::tag_of(output.expose()), embedded ? ByteView(sealed) : ByteView());
      if (labelled) {
        labels_.emplace(sealer.handle(output.expose()).value(), std::move(sealed));
      }
    }
    set_directory(std::move(builder).finish().value(), subscribers.size());
  }

  void set_directory(Bytes file, std::uint64_t entries) {
    directory_ = std::move(file);
    epoch_->entries = entries;
    epoch_->size = directory_.size();
    epoch_->root = directory::root_of(directory_);
  }

  oprf::PrfOutput evaluate(const Identifier& identifier) {
    std::vector<oprf::PrfOutput> out(1);
    const ByteView input = identifier.bytes();
    suite().evaluate_unblinded(keys_.secret, std::span(&input, 1), out);
    return std::move(out[0]);
  }

  /// The next announcement of the chain.
  Bytes announce() {
    next_.seq += 1;
    next_.issued_at = kNow;
    next_.valid_until = UnixTime(kNow.value() + protocol::kAnnouncementLife);
    next_.previous_head = head_;
    next_.epochs = {*epoch_};
    const Bytes object = protocol::sign_announcement(next_, announcer_);
    head_ = protocol::next_head(head_, object);
    return object;
  }

  /// What the service answers to a request, allowance aside.
  Result<Bytes> answer(ByteView body, UnixTime now = kNow) {
    auto request = protocol::parse_request(body);
    if (!request) {
      return failed(request);
    }
    const protocol::EpochKey* key = evaluator_->live_key(*request, now);
    if (key == nullptr) {
      return unavailable("test.gone", "no such epoch");
    }
    auto work = evaluator_->accept(body, *request, *key);
    if (!work) {
      return failed(work);
    }
    work->evaluate(0, work->count());
    return std::move(*work).answer(5000, random_);
  }

  /// What the service answers to a resolve request, allowance aside.
  Result<Bytes> resolve(ByteView body) {
    const auto request = protocol::parse_resolve_request(body);
    if (!request) {
      return tl::unexpected<Error>(request.error());
    }
    const auto found = labels_.find(request->handle);
    const Bytes sealed = found != labels_.end() ? found->second : Bytes(directory::sealed_bytes(24), 0x5a);
    return protocol::encode_resolve_answer(protocol::digest_of_resolve(body), sealed);
  }
  /// Handle and sealed label of everybody in the present edition.
  [[nodiscard]] const std::map<directory::Handle, Bytes>& labels() const { return labels_; }

  [[nodiscard]] protocol::Ed25519PublicKey root_key() const { return root_.public_key(); }
  [[nodiscard]] const protocol::Ed25519SecretKey& root() const { return root_; }
  [[nodiscard]] const protocol::Ed25519SecretKey& announcer() const { return announcer_; }
  [[nodiscard]] const protocol::AnnouncedEpoch& epoch() const { return *epoch_; }
  [[nodiscard]] protocol::Announcement& next() { return next_; }
  [[nodiscard]] protocol::AnnouncedEpoch& epoch_to_announce() { return *epoch_; }
  [[nodiscard]] const Bytes& directory_file() const { return directory_; }
  [[nodiscard]] const oprf::KeyPair& keys() const { return keys_; }
  [[nodiscard]] const protocol::Evaluator& evaluator() const { return *evaluator_; }
  [[nodiscard]] DeterministicRandom& random() { return random_; }

 private:
  DeterministicRandom random_;
  std::string name_;
  protocol::Ed25519SecretKey root_;
  protocol::Ed25519SecretKey announcer_;
  oprf::KeyPair keys_;
  std::optional<protocol::AnnouncedEpoch> epoch_;
  std::optional<protocol::Evaluator> evaluator_;
  protocol::Announcement next_;
  protocol::Head head_;
  Bytes directory_;
  std::map<directory::Handle, Bytes> labels_;
};

}  // namespace blindbook::test_support
